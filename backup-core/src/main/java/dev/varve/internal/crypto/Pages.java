package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens single pages, which are the segments, of something {@link StreamSeal} sealed. Safe for use
 * by many threads. Reads nothing by itself: the caller brings a page's sealed bytes.
 *
 * <p>Page 0 lies behind the header and holds 40 bytes of plaintext less than the others; the last
 * one may be shorter.
 */
public final class Pages {

  private static final int FIRST_PLAIN_BYTES =
      StreamSeal.PLAIN_SEGMENT_BYTES - StreamSeal.HEADER_BYTES;

  private final byte[] header;
  private final SecretKeySpec key;
  private final long plainBytes;
  private final Queue<SegmentCipher> idle = new ConcurrentLinkedQueue<>();

  Pages(byte[] header, SecretKeySpec key, long plainBytes) {
    this.header = header;
    this.key = key;
    this.plainBytes = plainBytes;
  }

  /** How many pages there are, 1 at least. */
  public long count() {
    return StreamSeal.segments(plainBytes);
  }

  /** How long the whole plaintext is, in bytes. */
  public long plainBytes() {
    return plainBytes;
  }

  /** The page that holds the byte at this offset of the plaintext. */
  public static long pageAt(long plainOffset) {
    return (plainOffset + StreamSeal.HEADER_BYTES) / StreamSeal.PLAIN_SEGMENT_BYTES;
  }

  /** Where in the plaintext this page begins. */
  public static long plainOffset(long page) {
    return page == 0 ? 0 : page * StreamSeal.PLAIN_SEGMENT_BYTES - StreamSeal.HEADER_BYTES;
  }

  /** Where in the sealed bytes, header included, this page begins. */
  public static long sealedOffset(long page) {
    return page == 0 ? StreamSeal.HEADER_BYTES : page * StreamSeal.SEGMENT_BYTES;
  }

  /** How much plaintext a page holds that is not the last, in bytes. */
  static int fullPlainBytes(long page) {
    return page == 0 ? FIRST_PLAIN_BYTES : StreamSeal.PLAIN_SEGMENT_BYTES;
  }

  /** How much plaintext this page holds, in bytes. */
  public int plainLength(long page) {
    if (page < 0 || page >= count()) {
      throw new IndexOutOfBoundsException("There is no page " + page + " of " + count());
    }
    return (int) Math.min(fullPlainBytes(page), plainBytes - plainOffset(page));
  }

  /** How long this page is when sealed, the header not counted, in bytes. */
  public int sealedLength(long page) {
    return plainLength(page) + StreamSeal.TAG_BYTES;
  }

  /**
   * Opens a page.
   *
   * @param sealed exactly the page's sealed bytes, {@link #sealedLength} from {@link #sealedOffset}
   * @param plain takes {@link #plainLength} bytes; another buffer
   * @throws FormatException if these are not the bytes that were sealed as this page
   */
  public void open(long page, ByteBuffer sealed, ByteBuffer plain) throws FormatException {
    int sealedBytes = sealedLength(page);
    if (sealed.remaining() != sealedBytes) {
      throw new FormatException(
          "Page " + page + " has " + sealedBytes + " bytes, not " + sealed.remaining());
    }
    SegmentCipher polled = idle.poll();
    SegmentCipher cipher = polled == null ? new SegmentCipher() : polled;
    cipher.header(header);
    try {
      cipher.open(key, page, page == count() - 1, sealed, sealedBytes, plain);
    } finally {
      idle.add(cipher);
    }
  }
}
