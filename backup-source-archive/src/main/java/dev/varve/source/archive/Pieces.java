package dev.varve.source.archive;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads into buffers of any kind. Stateless. */
final class Pieces {

  private static final int PIECE_BYTES = 64 << 10;

  /** Reads as a stream does. */
  interface Reading {
    int read(byte[] into, int offset, int length) throws IOException;
  }

  private Pieces() {}

  static int read(Reading reading, ByteBuffer into) throws IOException {
    if (into.hasArray()) {
      int start = into.arrayOffset() + into.position();
      int count = reading.read(into.array(), start, into.remaining());
      into.position(into.position() + Math.max(0, count));
      return count;
    }
    byte[] piece = new byte[Math.min(into.remaining(), PIECE_BYTES)];
    int count = reading.read(piece, 0, piece.length);
    if (count > 0) {
      into.put(piece, 0, count);
    }
    return count;
  }
}
