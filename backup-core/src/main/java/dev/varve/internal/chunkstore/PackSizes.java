package dev.varve.internal.chunkstore;

import java.security.SecureRandom;

/**
 * How large what is stored together becomes. Immutable.
 *
 * @param packBytes how many bytes a pack has at most, footer not counted
 * @param blockBytes how many bytes of plaintext a block has on average
 */
public record PackSizes(int packBytes, int blockBytes) {

  /** How many bytes a pack has at most, footer not counted. */
  static final int PACK_BYTES = 16 << 20;

  /** How many bytes of plaintext a block has on average. */
  static final int BLOCK_BYTES = 2 << 20;

  /** How many bytes of plaintext a block has at most, unless a single chunk is longer. */
  static final int MOST_BLOCK_BYTES = BLOCK_BYTES + BLOCK_BYTES / 4;

  /** What is used but for tests. */
  public static final PackSizes DEFAULT = new PackSizes(PACK_BYTES, BLOCK_BYTES);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Checks that a pack has room for some blocks. */
  public PackSizes {
    if (blockBytes < 4 || packBytes / 4 < blockBytes) {
      throw new IllegalArgumentException(
          "Packs of " + packBytes + " bytes have no room for blocks of " + blockBytes);
    }
  }

  /** How many bytes of plaintext a block has at most, unless a single chunk is longer. */
  int mostBlockBytes() {
    return blockBytes + blockBytes / 4;
  }

  /** A size for a block, at random, so that sizes tell nothing. */
  int drawBlockBytes() {
    return between(blockBytes - blockBytes / 4, mostBlockBytes() + 1);
  }

  /** A size for a pack, at random, so that sizes tell nothing. */
  static int drawPackBytes(int packBytes) {
    return between(packBytes / 4 * 3, packBytes);
  }

  private static int between(int least, int end) {
    return least + RANDOM.nextInt(end - least);
  }
}
