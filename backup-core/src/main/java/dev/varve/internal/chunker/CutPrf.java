package dev.varve.internal.chunker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Says how likely a candidate is a cut: the first four bytes, unsigned, of AES-128 of the hash (8
 * bytes big endian, then 8 zero bytes). Remembers its last answers, since repetitive content asks
 * for the same again and again. Used by one thread.
 */
final class CutPrf {

  private static final int BLOCK_BYTES = 16;
  private static final int REMEMBERED_BITS = 6;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final Cipher aes;
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] encrypted = new byte[BLOCK_BYTES];
  private final long[] askedHashes = new long[1 << REMEMBERED_BITS];
  private final long[] answers = new long[1 << REMEMBERED_BITS];
  private long calls;

  /** Answers under an AES-128 key. */
  CutPrf(byte[] key) {
    try {
      aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES-128", e);
    }
    // No candidate: its top bits are set.
    Arrays.fill(askedHashes, -1);
  }

  /** A number from 0 to 2^32-1, always the same for the same candidate. */
  long of(long hash) {
    int slot = (int) ((hash * SPREAD) >>> (Long.SIZE - REMEMBERED_BITS));
    if (askedHashes[slot] != hash) {
      answers[slot] = encrypt(hash);
      askedHashes[slot] = hash;
    }
    return answers[slot];
  }

  private long encrypt(long hash) {
    calls++;
    LONG.set(block, 0, hash);
    try {
      aes.update(block, 0, BLOCK_BYTES, encrypted, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES refuses a block", e);
    }
    return (int) INT.get(encrypted, 0) & 0xffff_ffffL;
  }

  /** How often AES was called so far. */
  long calls() {
    return calls;
  }
}
