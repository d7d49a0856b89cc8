package dev.varve.testkit;

import java.io.InputStream;

/**
 * Bytes that look random, as many as wanted and always the same for a seed, made while they are
 * read. Used by one thread.
 */
final class PatternContent extends InputStream {

  private final long seed;
  private final long length;
  private long at;
  private long wordAt = -1;
  private long word;

  PatternContent(long seed, long length) {
    this.seed = seed;
    this.length = length;
  }

  @Override
  public int read() {
    return at < length ? byteAt(at++) : -1;
  }

  @Override
  public int read(byte[] into, int offset, int wanted) {
    if (wanted == 0) {
      return 0;
    }
    if (at == length) {
      return -1;
    }
    int count = (int) Math.min(wanted, length - at);
    for (int i = 0; i < count; i++) {
      into[offset + i] = (byte) byteAt(at++);
    }
    return count;
  }

  /** The byte at a position: one of the eight of a mixed (SplitMix64) count of eights. */
  private int byteAt(long position) {
    if (position >>> 3 != wordAt) {
      wordAt = position >>> 3;
      long z = seed + (wordAt + 1) * 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      word = z ^ (z >>> 31);
    }
    return (int) (word >>> (8 * (position & 7))) & 0xff;
  }
}
