package dev.varve.internal.crypto;

import java.util.Arrays;
import javax.crypto.Mac;

/** Derives keys from a key: HKDF-SHA-256 of RFC 5869. Stateless. */
final class Hkdf {

  private static final int MAX_BYTES = 255 * Hmac.BYTES;

  private Hkdf() {}

  /** A key of {@code bytes} bytes, from 1 to 8160; an empty salt means 32 zero bytes. */
  static byte[] derive(byte[] key, byte[] salt, byte[] info, int bytes) {
    if (bytes < 1 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException("HKDF gives 1 to " + MAX_BYTES + " bytes, not " + bytes);
    }
    byte[] extracted = Hmac.under(salt.length == 0 ? new byte[Hmac.BYTES] : salt).doFinal(key);
    Mac expand = Hmac.under(extracted);
    Arrays.fill(extracted, (byte) 0);
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
