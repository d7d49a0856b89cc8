package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.util.random.RandomGenerator;

/** Bytes that arrive in pieces of any length, and may break off. Used by one thread. */
final class DribblingStream extends InputStream {

  private final byte[] bytes;
  private final int breaksAt;
  private final RandomGenerator random;
  private int position;

  /** All of {@code bytes}, or a failure after {@code breaksAt} of them. */
  DribblingStream(byte[] bytes, int breaksAt, RandomGenerator random) {
    this.bytes = bytes;
    this.breaksAt = breaksAt;
    this.random = random;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (position == breaksAt) {
      throw new IOException("broke off");
    }
    int left = Math.min(bytes.length, breaksAt) - position;
    if (left == 0) {
      return -1;
    }
    int count = Math.min(left, Math.min(length, 1 + random.nextInt(40)));
    System.arraycopy(bytes, position, into, offset, count);
    position += count;
    return count;
  }
}
