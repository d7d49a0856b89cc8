package dev.varve.internal.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes HMAC-SHA-256 functions of the JDK. Stateless; a function is used by one thread. */
final class Hmac {

  static final int BYTES = 32;

  private static final String NAME = "HmacSHA256";

  private Hmac() {}

  /** The function under {@code key}, which is not empty. */
  static Mac under(byte[] key) {
    try {
      Mac mac = Mac.getInstance(NAME);
      mac.init(new SecretKeySpec(key, NAME));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + NAME, e);
    }
  }
}
