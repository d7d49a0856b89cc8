package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;

/** Takes chunks and keeps each once. Used by one thread; several sinks may feed one repository. */
public interface ChunkSink {

  /**
   * Keeps {@code count} bytes from {@code offset} on as one chunk, unless it is there already. The
   * bytes are copied before it returns; they are durable only when the session commits.
   */
  ChunkRef put(ChunkKind kind, byte[] bytes, int offset, int count) throws IOException;
}
