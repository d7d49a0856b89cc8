package dev.varve.source.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes pieces of contents so that blocks of zeros become holes. */
final class Pieces {

  /** The block of nearly every file system; smaller holes save nothing. */
  static final int BLOCK_BYTES = 4 * 1024;

  private Pieces() {}

  /** Writes {@code piece} at {@code offset} of a file that has nothing but zeros there. */
  static void write(FileChannel file, long offset, ByteBuffer piece) throws IOException {
    int from = piece.position();
    int end = piece.limit();
    int at = from;
    while (at < end) {
      long position = offset + (at - from);
      int blockEnd = (int) Math.min(end, at + BLOCK_BYTES - position % BLOCK_BYTES);
      if (blockEnd - at == BLOCK_BYTES && isZero(piece, at)) {
        at = blockEnd;
        continue;
      }
      int dataEnd = blockEnd;
      while (dataEnd + BLOCK_BYTES <= end && !isZero(piece, dataEnd)) {
        dataEnd += BLOCK_BYTES;
      }
      if (dataEnd + BLOCK_BYTES > end) {
        dataEnd = end;
      }
      writeAll(file, position, piece.slice(at, dataEnd - at));
      at = dataEnd;
    }
    piece.position(end);
  }

  private static boolean isZero(ByteBuffer piece, int at) {
    for (int i = at; i < at + BLOCK_BYTES; i += Long.BYTES) {
      if (piece.getLong(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static void writeAll(FileChannel file, long position, ByteBuffer bytes)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }
}
