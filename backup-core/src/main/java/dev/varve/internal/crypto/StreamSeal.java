package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals blocks and runs in segments of {@value #SEGMENT_BYTES} bytes that can also be opened one by
 * one: the bytes of Tink's streaming AEAD {@code AES256_GCM_HKDF_4KB} (HKDF-SHA-256, derived key of
 * 32 bytes, first segment offset 0). Used by one thread; what it hands out says its own rule.
 *
 * <p>Sealed bytes: a header, then segments. Header: u8 its length, {@value #HEADER_BYTES}; salt, 32
 * bytes; nonce prefix, 7 bytes. Segment {@code i} is AES-256-GCM without associated data under the
 * derived key HKDF-SHA-256(key, salt, info = associated data, 32 bytes) with the nonce prefix | u32
 * i | u8 1 if it is the last, else 0; its ciphertext is followed by its tag of 16 bytes. Header and
 * first segment together have {@value #SEGMENT_BYTES} bytes, so do the other segments, and the last
 * one may be shorter. There is always a first segment; no other is empty.
 */
public final class StreamSeal {

  /** The length of a sealed segment, header included where there is one. */
  public static final int SEGMENT_BYTES = 4096;

  /** The length of the header. */
  public static final int HEADER_BYTES = 40;

  /** How much plaintext a segment holds, if it is not the first or the last. */
  public static final int PLAIN_SEGMENT_BYTES = SEGMENT_BYTES - 16;

  static final int TAG_BYTES = 16;
  static final int PREFIX_BYTES = 7;

  private static final int KEY_BYTES = 32;
  private static final int SALT_BYTES = 32;
  private static final long MAX_SEGMENTS = 1L << 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;
  private final SegmentCipher cipher = new SegmentCipher();

  /** Seals and opens with a key of 32 bytes, which is copied. */
  public StreamSeal(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("A key has 32 bytes, not " + key.length);
    }
    this.key = key.clone();
  }

  /** How long {@code plainBytes} bytes are when sealed, header included. */
  public static long sealedLength(long plainBytes) {
    return Math.addExact(plainBytes, HEADER_BYTES + TAG_BYTES * segments(plainBytes));
  }

  /**
   * How long the plaintext is of what has {@code sealedBytes} bytes.
   *
   * @throws FormatException if nothing sealed can have that length
   */
  public static long plainLength(long sealedBytes) throws FormatException {
    boolean possible =
        sealedBytes >= HEADER_BYTES + TAG_BYTES && sealedBytes <= MAX_SEGMENTS * SEGMENT_BYTES;
    long segments = possible ? (sealedBytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES : 0;
    long plainBytes = sealedBytes - HEADER_BYTES - TAG_BYTES * segments;
    if (!possible || plainBytes < 0 || segments(plainBytes) != segments) {
      throw new FormatException("Nothing sealed is " + sealedBytes + " bytes long");
    }
    return plainBytes;
  }

  /** How many segments {@code plainBytes} bytes are sealed in. */
  static long segments(long plainBytes) {
    if (plainBytes < 0 || plainBytes > MAX_SEGMENTS * PLAIN_SEGMENT_BYTES - HEADER_BYTES) {
      throw new IllegalArgumentException("Too much for one seal: " + plainBytes + " bytes");
    }
    return Math.max(1, (plainBytes + HEADER_BYTES + PLAIN_SEGMENT_BYTES - 1) / PLAIN_SEGMENT_BYTES);
  }

  /**
   * Seals all that remains of {@code plain} and binds it to {@code associated}, which is not
   * stored.
   *
   * @param sealed takes {@link #sealedLength} bytes; another buffer than {@code plain}
   */
  public void seal(ByteBuffer plain, byte[] associated, ByteBuffer sealed) {
    seal(drawHeader(), plain, associated, sealed);
  }

  /** Seals with a header that must never be used twice with one key; for known-answer tests. */
  void seal(byte[] header, ByteBuffer plain, byte[] associated, ByteBuffer sealed) {
    if (sealed.remaining() < sealedLength(plain.remaining())) {
      throw new IllegalArgumentException(
          "No room to seal " + plain.remaining() + " bytes in " + sealed.remaining());
    }
    SecretKeySpec derived = derive(header, associated);
    cipher.header(header);
    sealed.put(header);
    int room = PLAIN_SEGMENT_BYTES - HEADER_BYTES;
    for (long i = 0; ; i++) {
      boolean last = plain.remaining() <= room;
      cipher.seal(derived, i, last, plain, Math.min(room, plain.remaining()), sealed);
      if (last) {
        return;
      }
      room = PLAIN_SEGMENT_BYTES;
    }
  }

  /**
   * Opens all that remains of {@code sealed} into {@code plain}, which must have room for {@link
   * #plainLength} bytes and be another buffer.
   *
   * @throws FormatException if it is not what was sealed with this key for {@code associated}; what
   *     stands in {@code plain} then is worthless and its position is where it was
   */
  public void open(ByteBuffer sealed, byte[] associated, ByteBuffer plain) throws FormatException {
    long plainBytes = plainLength(sealed.remaining());
    if (plain.remaining() < plainBytes) {
      throw new IllegalArgumentException(
          "No room to open " + plainBytes + " bytes in " + plain.remaining());
    }
    int start = plain.position();
    byte[] header = new byte[HEADER_BYTES];
    sealed.get(header);
    SecretKeySpec derived = derive(checked(header), associated);
    cipher.header(header);
    int room = SEGMENT_BYTES - HEADER_BYTES;
    try {
      for (long i = 0; ; i++) {
        boolean last = sealed.remaining() <= room;
        cipher.open(derived, i, last, sealed, Math.min(room, sealed.remaining()), plain);
        if (last) {
          return;
        }
        room = SEGMENT_BYTES;
      }
    } catch (FormatException e) {
      plain.position(start);
      throw e;
    }
  }

  /** Starts to seal something too long for memory, page by page. */
  public PageSealer pageSealer(byte[] associated) {
    byte[] header = drawHeader();
    return new PageSealer(header, derive(header, associated));
  }

  /**
   * Opens single pages of something sealed.
   *
   * @param header its first {@value #HEADER_BYTES} bytes
   * @param sealedBytes how long it is, header included
   * @throws FormatException if no header looks like this or nothing sealed has this length
   */
  public Pages pages(byte[] header, byte[] associated, long sealedBytes) throws FormatException {
    return new Pages(header.clone(), derive(checked(header), associated), plainLength(sealedBytes));
  }

  private static byte[] drawHeader() {
    byte[] header = new byte[HEADER_BYTES];
    RANDOM.nextBytes(header);
    header[0] = HEADER_BYTES;
    return header;
  }

  private static byte[] checked(byte[] header) throws FormatException {
    if (header.length != HEADER_BYTES || header[0] != HEADER_BYTES) {
      throw new FormatException("A seal begins with its header's length, 40; this does not");
    }
    return header;
  }

  private SecretKeySpec derive(byte[] header, byte[] associated) {
    byte[] salt = new byte[SALT_BYTES];
    System.arraycopy(header, 1, salt, 0, SALT_BYTES);
    return new SecretKeySpec(Hkdf.derive(key, salt, associated, KEY_BYTES), "AES");
  }
}
