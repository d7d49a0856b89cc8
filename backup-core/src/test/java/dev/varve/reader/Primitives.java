package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Section 3 of the format: what is computed with keys. Stateless. */
final class Primitives {

  private static final int SEGMENT = 4096;
  private static final int TAG = 16;

  private Primitives() {}

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] hkdf(byte[] key, byte[] salt, byte[] info, int count) {
    byte[] prk = hmac(salt.length == 0 ? new byte[32] : salt, key);
    byte[] out = new byte[0];
    byte[] block = new byte[0];
    for (int i = 1; out.length < count; i++) {
      block = hmac(prk, join(block, info, new byte[] {(byte) i}));
      out = join(out, block);
    }
    return Arrays.copyOf(out, count);
  }

  static byte[] aes(byte[] key, byte[] block) {
    try {
      Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      return cipher.doFinal(block);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] gcm(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, nonce));
      cipher.updateAAD(associated);
      return cipher.doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw new BadFormatException("It does not authenticate", e);
    }
  }

  /** Opens a small item: XAES-256-GCM. */
  static byte[] openSmall(byte[] key, byte[] associated, byte[] sealed) {
    require(sealed.length >= 40, "A small item is shorter than what sealing adds");
    byte[] nonce = Arrays.copyOf(sealed, 24);
    byte[] l = aes(key, new byte[16]);
    byte[] k1 = new byte[16];
    for (int i = 0; i < 16; i++) {
      int next = i == 15 ? 0 : (l[i + 1] & 0xff) >>> 7;
      k1[i] = (byte) (l[i] << 1 | next);
    }
    if (l[0] < 0) {
      k1[15] ^= (byte) 0x87;
    }
    byte[] first = Arrays.copyOf(nonce, 12);
    byte[] derived =
        join(
            aes(key, xor(join(new byte[] {0, 1, 0x58, 0}, first), k1)),
            aes(key, xor(join(new byte[] {0, 2, 0x58, 0}, first), k1)));
    return gcm(
        derived,
        Arrays.copyOfRange(nonce, 12, 24),
        associated,
        Arrays.copyOfRange(sealed, 24, sealed.length));
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] ^= b[i];
    }
    return out;
  }

  /** Opens a segmented ciphertext whole. */
  static byte[] openSegments(byte[] key, byte[] associated, byte[] sealed) {
    require(sealed.length >= 40 + TAG && sealed[0] == 40, "It has no header of 40 bytes");
    byte[] salt = Arrays.copyOfRange(sealed, 1, 33);
    byte[] prefix = Arrays.copyOfRange(sealed, 33, 40);
    byte[] derived = hkdf(key, salt, associated, 32);
    ByteArrayOutputStream plain = new ByteArrayOutputStream(sealed.length);
    int start = 40;
    for (int i = 0; start < sealed.length || i == 0; i++) {
      int end = Math.min(sealed.length, SEGMENT * (i + 1));
      boolean last = end == sealed.length;
      require(end - start > TAG || (i == 0 && last), "A segment is empty");
      byte[] nonce =
          ByteBuffer.allocate(12).put(prefix).putInt(i).put((byte) (last ? 1 : 0)).array();
      plain.writeBytes(gcm(derived, nonce, new byte[0], Arrays.copyOfRange(sealed, start, end)));
      start = end;
    }
    return plain.toByteArray();
  }
}
