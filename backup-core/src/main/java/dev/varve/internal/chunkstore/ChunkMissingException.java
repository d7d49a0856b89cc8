package dev.varve.internal.chunkstore;

import java.io.IOException;

/** No readable copy of a chunk exists: its packs are gone, damaged or not what they should be. */
public final class ChunkMissingException extends IOException {

  private static final long serialVersionUID = 1;

  private final boolean gone;

  /** Says which chunk, where it should lie, and what is wrong there; nothing was deleted. */
  public ChunkMissingException(String message) {
    this(message, false);
  }

  /**
   * Says which chunk, where it should lie, and what is wrong there.
   *
   * @param gone whether that may be so because others deleted a pack and the index as it was known
   *     here is old
   */
  public ChunkMissingException(String message, boolean gone) {
    super(message);
    this.gone = gone;
  }

  /** Whether to fold the log again may help. */
  public boolean isGone() {
    return gone;
  }
}
