package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;

/**
 * Answers "surely not here" for the chunks of one run: a Bloom filter in blocks of eight words of
 * 32 bits, one bit in each. Filled by one thread; then safe for use by many.
 *
 * <p>With 15 bits a chunk about one absent chunk in 500 passes, with 6 bits one in 10.
 */
final class ChunkFilter {

  /** What suffices. */
  static final int BITS_PER_CHUNK = 15;

  private static final int BLOCK_WORDS = 8;
  private static final int BLOCK_BYTES = BLOCK_WORDS * 4;
  private static final int WORD_BITS_LOG = 5;

  private final int[] words;
  private final int blocks;

  private ChunkFilter(int blocks) {
    this.blocks = blocks;
    this.words = new int[blocks * BLOCK_WORDS];
  }

  /** How much memory is wanted for so many chunks. */
  static long wantedBytes(long chunks) {
    return (chunks * BITS_PER_CHUNK / 8 / BLOCK_BYTES + 1) * BLOCK_BYTES;
  }

  /** Takes at most so much memory, at least one block. */
  static ChunkFilter of(long memoryBytes) {
    long blocks = Math.max(1, memoryBytes / BLOCK_BYTES);
    return new ChunkFilter((int) Math.min(blocks, Integer.MAX_VALUE / BLOCK_WORDS / 2));
  }

  long memoryBytes() {
    return 4L * words.length;
  }

  void add(ChunkId id) {
    int block = block(id);
    long bits = id.spread();
    for (int word = block; word < block + BLOCK_WORDS; word++) {
      words[word] |= 1 << (int) bits;
      bits >>>= WORD_BITS_LOG;
    }
  }

  /** False only if the chunk was not added. */
  boolean mayHold(ChunkId id) {
    int block = block(id);
    long bits = id.spread();
    for (int word = block; word < block + BLOCK_WORDS; word++) {
      if ((words[word] & (1 << (int) bits)) == 0) {
        return false;
      }
      bits >>>= WORD_BITS_LOG;
    }
    return true;
  }

  private int block(ChunkId id) {
    return (int) (((id.prefix() >>> 32) * blocks) >>> 32) * BLOCK_WORDS;
  }
}
