package dev.varve.internal.crypto;

import java.nio.ByteBuffer;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals something too long for memory page by page, in order; {@link Pages} says how long a page
 * is. Used by one thread.
 */
public final class PageSealer {

  private final byte[] header;
  private final SecretKeySpec key;
  private final SegmentCipher cipher = new SegmentCipher();
  private long next;
  private boolean ended;

  PageSealer(byte[] header, SecretKeySpec key) {
    this.header = header;
    this.key = key;
    cipher.header(header);
  }

  /** The {@value StreamSeal#HEADER_BYTES} bytes that stand before the first page. */
  public byte[] header() {
    return header.clone();
  }

  /** How much plaintext the next page takes if it is not the last, in bytes. */
  public int nextPlainBytes() {
    return Pages.fullPlainBytes(next);
  }

  /**
   * Seals the next page, all that remains of {@code plain}: exactly {@link #nextPlainBytes()}, or
   * less if it is the last. Only a page 0 that is also the last may be empty.
   *
   * @param sealed takes the same number of bytes and 16 more; another buffer
   */
  public void seal(ByteBuffer plain, boolean last, ByteBuffer sealed) {
    int most = nextPlainBytes();
    int bytes = plain.remaining();
    if (ended || bytes > most || (!last && bytes < most) || (bytes == 0 && next > 0)) {
      throw new IllegalArgumentException(
          "Page " + next + " cannot have " + bytes + " bytes" + (ended ? " after the last" : ""));
    }
    cipher.seal(key, next, last, plain, bytes, sealed);
    next++;
    ended = last;
  }
}
