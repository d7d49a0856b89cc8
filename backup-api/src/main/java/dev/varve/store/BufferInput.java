package dev.varve.store;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads the remaining bytes of a buffer as a stream. Used by one thread. */
final class BufferInput extends InputStream {

  private final ByteBuffer rest;
  private int marked;

  BufferInput(ByteBuffer rest) {
    this.rest = rest;
    this.marked = rest.position();
  }

  @Override
  public int read() {
    return rest.hasRemaining() ? rest.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!rest.hasRemaining()) {
      return -1;
    }
    int count = Math.min(length, rest.remaining());
    rest.get(into, offset, count);
    return count;
  }

  @Override
  public int available() {
    return rest.remaining();
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int readLimit) {
    marked = rest.position();
  }

  @Override
  public void reset() {
    rest.position(marked);
  }
}
