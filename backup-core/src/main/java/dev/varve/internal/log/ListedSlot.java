package dev.varve.internal.log;

import java.time.Instant;

/**
 * A slot as the store lists it.
 *
 * @param slot its number
 * @param bytes its item's length; {@link #MISSING} if a later one is there and this is not
 * @param time when it was created, by the store's clock
 */
record ListedSlot(long slot, long bytes, Instant time) {

  static final long MISSING = -1;

  static ListedSlot missing(long slot) {
    return new ListedSlot(slot, MISSING, Instant.EPOCH);
  }

  boolean isMissing() {
    return bytes == MISSING;
  }
}
