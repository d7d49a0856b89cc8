package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;

/** Hears of chunks that were put and found stored already. Safe for use by many threads. */
@FunctionalInterface
public interface ChunkReuse {

  /** Hears nothing. */
  ChunkReuse UNHEARD = (kind, ref) -> {};

  /** A chunk was there. */
  void reused(ChunkKind kind, ChunkRef ref) throws IOException;
}
