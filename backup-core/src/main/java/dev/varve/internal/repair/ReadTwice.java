package dev.varve.internal.repair;

import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import java.io.IOException;

/** Reads what cannot be read a second time: a bad transfer is not damage. Used as its source. */
record ReadTwice(ChunkSource source) implements ChunkSource {

  @Override
  public byte[] get(ChunkKind kind, ChunkRef ref) throws IOException {
    try {
      return source.get(kind, ref);
    } catch (ChunkMissingException | FormatException once) {
      return source.get(kind, ref);
    }
  }
}
