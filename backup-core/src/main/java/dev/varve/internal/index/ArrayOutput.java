package dev.varve.internal.index;

import java.io.OutputStream;
import java.util.Objects;

/** Fills an array of a length known beforehand. Used by one thread. */
final class ArrayOutput extends OutputStream {

  private final byte[] bytes;
  private int count;

  ArrayOutput(int length) {
    bytes = new byte[length];
  }

  @Override
  public void write(int value) {
    bytes[count++] = (byte) value;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    Objects.checkFromIndexSize(count, length, bytes.length);
    System.arraycopy(from, offset, bytes, count, length);
    count += length;
  }

  /** The array, which must be full. */
  byte[] bytes() {
    if (count != bytes.length) {
      throw new IllegalStateException(count + " bytes of " + bytes.length + " were written");
    }
    return bytes;
  }
}
