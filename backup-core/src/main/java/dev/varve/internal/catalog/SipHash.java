package dev.varve.internal.catalog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a pseudo-random function of short inputs under a key
 * of 128 bits. Immutable. Not for anything that must resist collisions.
 */
final class SipHash {

  /** The length of the key in bytes. */
  static final int KEY_BYTES = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long first;
  private final long second;

  /** Takes the first {@value #KEY_BYTES} bytes of {@code key}. */
  SipHash(byte[] key) {
    first = (long) LONG.get(key, 0);
    second = (long) LONG.get(key, 8);
  }

  /** The hash of all of {@code bytes}. */
  long hash(byte[] bytes) {
    long v0 = first ^ 0x736f6d6570736575L;
    long v1 = second ^ 0x646f72616e646f6dL;
    long v2 = first ^ 0x6c7967656e657261L;
    long v3 = second ^ 0x7465646279746573L;
    int words = bytes.length >>> 3;
    // One more for the rest and the length, one more to finish.
    for (int i = 0; i <= words + 1; i++) {
      boolean finish = i > words;
      long word = finish ? 0 : i == words ? rest(bytes) : (long) LONG.get(bytes, i << 3);
      v2 ^= finish ? 0xff : 0;
      v3 ^= word;
      for (int round = finish ? 4 : 2; round > 0; round--) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long rest(byte[] bytes) {
    long word = (long) bytes.length << 56;
    for (int i = bytes.length & ~7; i < bytes.length; i++) {
      word |= (bytes[i] & 0xffL) << (i << 3);
    }
    return word;
  }
}
