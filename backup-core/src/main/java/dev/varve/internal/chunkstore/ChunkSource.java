package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;

/** Gives the plaintext of chunks, verified against their ids. Safe for use by many threads. */
public interface ChunkSource {

  /**
   * The chunk's bytes, the caller's to keep.
   *
   * @throws ChunkMissingException if no readable copy exists
   */
  byte[] get(ChunkKind kind, ChunkRef ref) throws IOException;
}
