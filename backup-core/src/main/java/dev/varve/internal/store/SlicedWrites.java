package dev.varve.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Hands on what is written in slices: Linux caches what is written at once in stretches of memory
 * that are as long, and where memory is in pieces looking for long ones takes it up to five times
 * as long as copying does. Used by one thread.
 */
final class SlicedWrites implements WritableByteChannel {

  private static final int SLICE_BYTES = 64 << 10;

  private final WritableByteChannel out;

  SlicedWrites(WritableByteChannel out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int start = bytes.position();
    int end = bytes.limit();
    try {
      while (bytes.position() < end) {
        out.write(bytes.limit(Math.min(end, bytes.position() + SLICE_BYTES)));
      }
    } finally {
      bytes.limit(end);
    }
    return end - start;
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
