package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals small items: XAES-256-GCM as C2SP publishes it, over the JDK's AES. Any number of items may
 * be sealed with one key, since their random nonces have 192 bits. Safe for use by many threads.
 * Not for what is longer than a few pages: {@link StreamSeal} is.
 *
 * <p>Sealed bytes: nonce, 24 bytes; ciphertext, as long as the plaintext; tag, 16 bytes. The first
 * 12 bytes of the nonce derive the AES-256-GCM key, the others are its nonce.
 */
public final class SmallSeal {

  /** How much longer sealed bytes are than plain ones. */
  public static final int OVERHEAD_BYTES = 40;

  static final int NONCE_BYTES = 24;

  private static final int KEY_BYTES = 32;
  private static final int HALF_NONCE_BYTES = 12;
  private static final int BLOCK_BYTES = 16;
  private static final int TAG_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Key key;
  private final byte[] mask;

  /** Those nobody uses just now: to find ciphers anew costs more than to seal a few pages. */
  private final AtomicReference<@Nullable Ciphers> idle = new AtomicReference<>();

  /**
   * What seals and opens; used by one thread at a time.
   *
   * @param keyed AES under this seal's key
   * @param derived takes each item's own key
   */
  private record Ciphers(Cipher keyed, Cipher derived) {}

  /** Seals and opens with a key of 32 bytes, which is copied. */
  public SmallSeal(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("A key has 32 bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "AES");
    Ciphers ciphers = make();
    this.mask = doubled(blocks(ciphers, new byte[BLOCK_BYTES]));
    idle.set(ciphers);
  }

  /** Seals {@code plain} and binds it to {@code associated}, which is not stored. */
  public byte[] seal(byte[] plain, byte[] associated) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return seal(nonce, plain, associated);
  }

  byte[] seal(byte[] nonce, byte[] plain, byte[] associated) {
    byte[] sealed = Arrays.copyOf(nonce, Math.addExact(plain.length, OVERHEAD_BYTES));
    Ciphers ciphers = take();
    try {
      init(ciphers, Cipher.ENCRYPT_MODE, nonce, associated)
          .doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
      idle.set(ciphers);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refuses to encrypt", e);
    }
  }

  /**
   * Opens what was sealed for {@code associated}.
   *
   * @throws FormatException if it is not what was sealed with this key for this place
   */
  public byte[] open(byte[] sealed, byte[] associated) throws FormatException {
    if (sealed.length < OVERHEAD_BYTES) {
      throw new FormatException("A sealed item has at least 40 bytes, this " + sealed.length);
    }
    Ciphers ciphers = take();
    try {
      byte[] plain =
          init(ciphers, Cipher.DECRYPT_MODE, sealed, associated)
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
      idle.set(ciphers);
      return plain;
    } catch (GeneralSecurityException e) {
      throw new FormatException(
          "It was changed, or it was sealed with another key or for another place", e);
    }
  }

  /**
   * What {@link #open} would give if it were told the right place, and garbage if the bytes were
   * changed or sealed with another key: worthless until {@code open} has confirmed it. For who has
   * to find out the place from what was sealed.
   */
  byte[] unconfirmed(byte[] sealed) throws FormatException {
    if (sealed.length < OVERHEAD_BYTES) {
      throw new FormatException("A sealed item has at least 40 bytes, this " + sealed.length);
    }
    // GCM encrypts in counter mode, from 2 on: the counter 1 belongs to the tag.
    byte[] counter = Arrays.copyOfRange(sealed, HALF_NONCE_BYTES, HALF_NONCE_BYTES + BLOCK_BYTES);
    Arrays.fill(counter, HALF_NONCE_BYTES, BLOCK_BYTES, (byte) 0);
    counter[BLOCK_BYTES - 1] = 2;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, derived(make(), sealed), new IvParameterSpec(counter));
      return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - OVERHEAD_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES-256", e);
    }
  }

  private Ciphers take() {
    Ciphers there = idle.getAndSet(null);
    return there == null ? make() : there;
  }

  private Ciphers make() {
    try {
      Cipher keyed = Cipher.getInstance("AES/ECB/NoPadding");
      keyed.init(Cipher.ENCRYPT_MODE, key);
      return new Ciphers(keyed, gcm());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES-256 and GCM", e);
    }
  }

  private Cipher init(Ciphers ciphers, int mode, byte[] nonce, byte[] associated)
      throws GeneralSecurityException {
    Cipher cipher = ciphers.derived();
    init(cipher, mode, derived(ciphers, nonce), nonce, HALF_NONCE_BYTES, associated);
    return cipher;
  }

  /** AES-GCM, to be given a key. */
  static Cipher gcm() throws GeneralSecurityException {
    return Cipher.getInstance("AES/GCM/NoPadding");
  }

  /** Has it use {@code key} with the 12 bytes of {@code nonces} from {@code from} on. */
  static void init(Cipher gcm, int mode, Key key, byte[] nonces, int from, byte[] associated)
      throws GeneralSecurityException {
    gcm.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonces, from, HALF_NONCE_BYTES));
    gcm.updateAAD(associated);
  }

  /** The key for one nonce, which is the beginning of what is given. */
  private SecretKeySpec derived(Ciphers ciphers, byte[] nonce) {
    byte[] messages = new byte[2 * BLOCK_BYTES];
    for (int i = 0; i < 2; i++) {
      int start = i * BLOCK_BYTES;
      messages[start + 1] = (byte) (i + 1);
      messages[start + 2] = 'X';
      System.arraycopy(nonce, 0, messages, start + 4, HALF_NONCE_BYTES);
      for (int j = 0; j < BLOCK_BYTES; j++) {
        messages[start + j] ^= mask[j];
      }
    }
    return new SecretKeySpec(blocks(ciphers, messages), "AES");
  }

  /** AES of each block alone, which is safe for the distinct blocks given here. */
  private static byte[] blocks(Ciphers ciphers, byte[] plain) {
    try {
      return ciphers.keyed().doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES refuses to encrypt", e);
    }
  }

  /** Twice {@code block} in the field of CMAC (NIST SP 800-38B, 6.1). */
  private static byte[] doubled(byte[] block) {
    byte[] doubled = new byte[BLOCK_BYTES];
    int carry = 0;
    for (int i = BLOCK_BYTES - 1; i >= 0; i--) {
      int shifted = (block[i] & 0xff) << 1 | carry;
      doubled[i] = (byte) shifted;
      carry = shifted >>> 8;
    }
    doubled[BLOCK_BYTES - 1] ^= (byte) (carry * 0x87);
    return doubled;
  }
}
