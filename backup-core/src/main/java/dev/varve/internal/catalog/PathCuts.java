package dev.varve.internal.catalog;

/**
 * Decides where catalogs are cut, from paths and a secret alone. Immutable.
 *
 * <p>A path's <em>weight</em> is the number of leading zero bits of its SipHash-2-4, taken as a
 * 64-bit number, under the first 16 bytes of the key {@code catalog-cut}. Entries whose weight is
 * at least {@value #ENTRY_ANCHOR}, one in 512, are anchors: each always begins a chunk, whatever
 * lies before it and whatever is said about it. So what lies between two anchors is cut alike in
 * every snapshot, and a change is felt no further than the next anchor. Fences of level n have
 * anchors of weight {@value #ENTRY_ANCHOR} + {@value #LEVEL_BITS} n: one fence in 256.
 *
 * <p>Two rules keep chunks bounded between anchors. Both look only at what the chunk already holds:
 * from {@value #SOFT_BYTES} bytes on, a weight of {@value #SOFT_WEIGHT} cuts too (one entry in
 * eight); from {@value #FULL_BYTES} bytes on, every entry does. A chunk of fences is full with
 * {@value #FULL_FENCES} of them or {@value #FULL_BYTES} bytes.
 */
public final class PathCuts {

  static final int ENTRY_ANCHOR = 9;
  static final int LEVEL_BITS = 8;
  static final int SOFT_BYTES = 256 << 10;
  static final int SOFT_WEIGHT = 3;
  static final int FULL_BYTES = 512 << 10;
  static final int FULL_FENCES = 4096;

  private final SipHash hash;

  /**
   * Cuts under this key, of which only the first 16 bytes are used.
   *
   * @throws IllegalArgumentException if the key has fewer
   */
  public PathCuts(byte[] key) {
    if (key.length < SipHash.KEY_BYTES) {
      throw new IllegalArgumentException(
          "The key that cuts catalogs has at least "
              + SipHash.KEY_BYTES
              + " bytes, not "
              + key.length);
    }
    hash = new SipHash(key);
  }

  /** How strongly this path asks to begin a chunk, from 0 to 64. */
  int weight(byte[] path) {
    return Long.numberOfLeadingZeros(hash.hash(path));
  }

  /** Whether an entry of this weight begins a new chunk when the present one holds so much. */
  static boolean beforeEntry(int weight, int bytes) {
    return weight >= ENTRY_ANCHOR
        || (bytes >= SOFT_BYTES && weight >= SOFT_WEIGHT)
        || bytes >= FULL_BYTES;
  }

  /** Whether a fence of this weight begins a new chunk of this level. */
  static boolean beforeFence(int level, int weight, int fences, int bytes) {
    return weight >= ENTRY_ANCHOR + LEVEL_BITS * level
        || fences >= FULL_FENCES
        || bytes >= FULL_BYTES;
  }
}
