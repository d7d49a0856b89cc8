package dev.varve.internal.crypto;

import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Derives keys from a key: HKDF-SHA-256 of RFC 5869. Extracts once what many are expanded from.
 * Used by one thread.
 */
final class Hkdf {

  private static final int MAX_BYTES = 255 * Hmac.BYTES;

  private final Mac expand;

  /** Derives from {@code key}; an empty salt means 32 zero bytes. */
  Hkdf(byte[] key, byte[] salt) {
    byte[] extracted = Hmac.under(salt.length == 0 ? new byte[Hmac.BYTES] : salt).doFinal(key);
    expand = Hmac.under(extracted);
    Arrays.fill(extracted, (byte) 0);
  }

  /** A key of {@code bytes} bytes, from 1 to 8160; an empty salt means 32 zero bytes. */
  static byte[] derive(byte[] key, byte[] salt, byte[] info, int bytes) {
    return new Hkdf(key, salt).expand(info, bytes);
  }

  /** A key of {@code bytes} bytes, from 1 to 8160, for the use that {@code info} names. */
  byte[] expand(byte[] info, int bytes) {
    if (bytes < 1 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException("HKDF gives 1 to " + MAX_BYTES + " bytes, not " + bytes);
    }
    byte[] derived = new byte[bytes];
    byte[] last = new byte[0];
    for (int done = 0, counter = 1; done < bytes; done += Hmac.BYTES, counter++) {
      expand.update(last);
      Arrays.fill(last, (byte) 0);
      expand.update(info);
      expand.update((byte) counter);
      last = expand.doFinal();
      System.arraycopy(last, 0, derived, done, Math.min(Hmac.BYTES, bytes - done));
    }
    Arrays.fill(last, (byte) 0);
    return derived;
  }
}
