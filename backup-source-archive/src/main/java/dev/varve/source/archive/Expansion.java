package dev.varve.source.archive;

import java.io.IOException;

/**
 * Refuses archives that unpack to absurdly more than they are. Safe for use by many threads.
 *
 * <p>Deflate makes a thousandth of its best at most; whatever gives more was made to fill disks, or
 * is very empty indeed.
 */
final class Expansion {

  /** What anything may unpack to. */
  static final long FREE_BYTES = 1L << 30;

  /** How many times its length the rest may have. */
  static final long DEFAULT_FACTOR = 1100;

  private final long factor;
  private long packed;
  private long unpacked;

  Expansion(long factor) {
    this.factor = factor;
  }

  synchronized void packed(long bytes) {
    packed += bytes;
  }

  /**
   * So much more was made of it.
   *
   * @throws IOException if that is too much
   */
  synchronized void unpacked(long bytes) throws IOException {
    unpacked += bytes;
    if (unpacked - FREE_BYTES > packed * factor) {
      throw new IOException(
          "The archive is refused: it unpacks to more than "
              + factor
              + " times its length; if you trust it, allow more by the option most-expansion");
    }
  }
}
