package dev.varve.internal.chunker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes content with a rolling 64-bit Gear hash and stops at candidates for a cut, where the top 8
 * bits are zero. Used by one thread.
 */
final class Gear {

  /** How many bytes a hash is made of: older ones were shifted out. */
  static final int WINDOW_BYTES = 64;

  private static final int CANDIDATE_SHIFT = 56;
  private static final int BLOCK_BYTES = 16;
  private static final int VALUES = 256;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long[] table = new long[VALUES];
  private long hash;

  /** Hashes under a key of 32 bytes. */
  Gear(byte[] tableKey) {
    byte[] stream = new byte[VALUES * Long.BYTES];
    try {
      Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
      IvParameterSpec start = new IvParameterSpec(new byte[BLOCK_BYTES]);
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(tableKey, "AES"), start);
      stream = aes.doFinal(stream);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES-256-CTR", e);
    }
    for (int i = 0; i < VALUES; i++) {
      table[i] = (long) LONG.get(stream, i * Long.BYTES);
    }
  }

  /** Forgets all and hashes the window that ends before {@code end}. */
  void start(byte[] bytes, int end) {
    long h = 0;
    for (int i = end - WINDOW_BYTES; i < end; i++) {
      h = (h << 1) + table[bytes[i] & 0xff];
    }
    hash = h;
  }

  /** Whether the bytes hashed so far end at a candidate. */
  boolean atCandidate() {
    return hash >>> CANDIDATE_SHIFT == 0;
  }

  /**
   * Hashes on from {@code start} to just behind the next candidate, or to {@code end}; says where
   * it stopped. A method of its own, and as plain as this, because so the JDK compiles it best: it
   * is called every 256 bytes or so.
   */
  int next(byte[] bytes, int start, int end) {
    long h = hash;
    long[] gear = table;
    int i = start;
    while (i < end) {
      h = (h << 1) + gear[bytes[i++] & 0xff];
      if (h >>> CANDIDATE_SHIFT == 0) {
        break;
      }
    }
    hash = h;
    return i;
  }

  /** The hash of the last {@value #WINDOW_BYTES} bytes. */
  long hash() {
    return hash;
  }
}
