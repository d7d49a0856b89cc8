package dev.varve.source.archive;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** An archive as bytes one after the other, and where one stands. Used by one thread at a time. */
final class TarInput implements Closeable {

  private final InputStream in;
  private long position;

  /** Reads from {@code in}, whose first byte is the one at {@code position}. */
  TarInput(InputStream in, long position) {
    this.in = in;
    this.position = position;
  }

  long position() {
    return position;
  }

  /** Reads some bytes; -1 at the end. */
  int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    position += Math.max(count, 0);
    return count;
  }

  /** Reads exactly so many bytes, or none at the very end, which is told by {@code false}. */
  boolean readBlock(byte[] into) throws IOException {
    int have = 0;
    while (have < into.length) {
      int count = read(into, have, into.length - have);
      if (count < 0) {
        if (have == 0) {
          return false;
        }
        throw truncated();
      }
      have += count;
    }
    return true;
  }

  /** Reads so many bytes, or fewer at the end. */
  byte[] read(int most) throws IOException {
    byte[] bytes = in.readNBytes(most);
    position += bytes.length;
    return bytes;
  }

  byte[] readExactly(int length) throws IOException {
    byte[] bytes = new byte[length];
    if (length > 0 && !readBlock(bytes)) {
      throw truncated();
    }
    return bytes;
  }

  void skip(long length) throws IOException {
    long left = length;
    while (left > 0) {
      long count = in.skip(left);
      if (count <= 0) {
        if (in.read() < 0) {
          throw truncated();
        }
        count = 1;
      }
      left -= count;
      position += count;
    }
  }

  /** Reads whatever follows, so that checksums at the end are checked. */
  void drain() throws IOException {
    byte[] rest = new byte[8192];
    int count = 0;
    while (count >= 0) {
      count = read(rest, 0, rest.length);
    }
  }

  static EOFException truncated() {
    return new EOFException("The archive ends in the middle: it is not complete");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
