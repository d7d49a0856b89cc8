package dev.varve.internal.catalog;

import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;

/** What the first byte of a catalog or list chunk says, and how such chunks are fetched. */
final class Chunks {

  /** The first byte of a chunk of entries. Chunks of fences and lists begin with their level. */
  static final int ENTRIES = 0;

  /** The first byte of a chunk of problems. */
  static final int PROBLEMS = 'P';

  /**
   * The longest chunk this room writes or accepts, in bytes: a full one and one entry more, which
   * takes less than 300 KiB (a path, a link, attributes, {@code ChunkList.MAX_REFS} references).
   */
  static final int MAX_BYTES = 1 << 20;

  private Chunks() {}

  /** Reads a chunk that must begin with {@code first}; the decoder stands behind that byte. */
  static Decoder read(ChunkSource source, ChunkKind kind, ChunkRef ref, int first)
      throws IOException {
    if (ref.length() > MAX_BYTES) {
      throw new FormatException(
          "Chunk " + ref.id() + " of " + ref.length() + " bytes is too long for a catalog");
    }
    return open(source.get(kind, ref), first);
  }

  /** Reads the first byte. */
  static Decoder open(byte[] bytes, int first) throws FormatException {
    Decoder in = new Decoder(bytes);
    int found = in.u8();
    if (found != first) {
      throw new FormatException(
          "A chunk of a catalog begins with " + found + " where " + first + " was expected");
    }
    if (in.remaining() == 0) {
      throw new FormatException("A chunk of a catalog is empty");
    }
    return in;
  }
}
