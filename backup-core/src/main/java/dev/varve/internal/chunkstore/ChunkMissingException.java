package dev.varve.internal.chunkstore;

import java.io.IOException;

/** No readable copy of a chunk exists: its packs are gone, damaged or not what they should be. */
public final class ChunkMissingException extends IOException {

  private static final long serialVersionUID = 1;

  /** Says which chunk, where it should lie, and what is wrong there. */
  public ChunkMissingException(String message) {
    super(message);
  }
}
