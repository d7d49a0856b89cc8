package dev.varve.internal.chunker;

import java.util.Arrays;
import java.util.Objects;

/**
 * Cuts contents where the content says so. Used by one thread, for any number of contents one after
 * the other: where it cuts depends on keys, sizes and the chunk's own bytes alone. Does not read.
 *
 * <p>Let {@code G} be 256 numbers of 64 bits: the first 2048 bytes of the AES-256-CTR key stream
 * under the table key from counter block 0 on, eight bytes big endian each. The Gear hash after
 * {@code n} bytes of a chunk is the sum of {@code G[b] << age} over its last 64 bytes, modulo 2^64;
 * the last byte has age 0. The chunk may end after {@code n} bytes, from the minimum on, if the top
 * 8 bits of the hash are zero and the first four bytes, unsigned, of AES-128 under the first 16
 * bytes of the PRF key of (hash as 8 bytes big endian, 8 zero bytes) are below the early threshold,
 * or below the late one where {@code n} is the normal length or more. It ends at the first such
 * {@code n}, or at the maximum, or with the content.
 *
 * <p>Security rests on AES alone: to whoever does not know the PRF key, candidates with different
 * hashes are cut independently of all else; the table may be known. What shows is which stretches
 * are equal, and cuts forced at the maximum.
 */
public final class Chunker {

  private static final int TABLE_KEY_BYTES = 32;
  private static final int PRF_KEY_BYTES = 16;

  private final ChunkerSizes sizes;
  private final Gear gear;
  private final CutPrf prf;

  /**
   * Cuts under these keys.
   *
   * @param tableKey 32 bytes
   * @param prfKey 16 bytes or more, of which the first 16 count
   */
  public Chunker(byte[] tableKey, byte[] prfKey, ChunkerSizes sizes) {
    if (tableKey.length != TABLE_KEY_BYTES || prfKey.length < PRF_KEY_BYTES) {
      throw new IllegalArgumentException("A chunker needs keys of 32 bytes and of 16 or more");
    }
    this.sizes = sizes;
    this.gear = new Gear(tableKey);
    this.prf = new CutPrf(Arrays.copyOf(prfKey, PRF_KEY_BYTES));
  }

  /** The sizes it cuts to. */
  public ChunkerSizes sizes() {
    return sizes;
  }

  /**
   * The length of the chunk that starts at {@code offset}.
   *
   * @param available how many bytes of content there are from {@code offset} on: the maximum or
   *     more, or at least 1 and all there is
   * @param end whether the content ends with these bytes
   */
  public int next(byte[] bytes, int offset, int available, boolean end) {
    Objects.checkFromIndexSize(offset, available, bytes.length);
    if (available < (end ? 1 : sizes.maxBytes())) {
      throw new IllegalArgumentException(
          "A chunk cannot be cut from " + available + " bytes" + (end ? "" : ", more to come"));
    }
    int most = offset + Math.min(available, sizes.maxBytes());
    int normal = Math.min(most, offset + sizes.normalBytes());
    int least = offset + sizes.minBytes();
    if (least >= most) {
      return most - offset;
    }
    gear.start(bytes, least);
    int cut = least;
    if (!gear.atCandidate() || prf.of(gear.hash()) >= sizes.earlyThreshold()) {
      cut = search(bytes, least, normal - 1, sizes.earlyThreshold());
      if (cut < 0) {
        cut = search(bytes, normal - 1, most, sizes.lateThreshold());
      }
    }
    return (cut < 0 ? most : cut) - offset;
  }

  /** The first cut after {@code start} and not after {@code end}, or -1. */
  private int search(byte[] bytes, int start, int end, long threshold) {
    int at = start;
    while (at < end) {
      at = gear.next(bytes, at, end);
      if (gear.atCandidate() && prf.of(gear.hash()) < threshold) {
        return at;
      }
    }
    return -1;
  }

  /** How often AES was called so far: what content can make slow. */
  long prfCalls() {
    return prf.calls();
  }
}
