package dev.varve.internal.log;

import java.time.Instant;

/**
 * A record in its slot. Immutable.
 *
 * @param slot its number, from 0 to {@link #MAX_SLOT}
 * @param hash the hash of its stored bytes
 * @param storedBytes how many those are
 * @param header what every record says
 * @param record what this one says
 */
public record LogEntry(
    long slot, SlotHash hash, int storedBytes, RecordHeader header, LogRecord record) {

  /** The last slot there can be. */
  public static final long MAX_SLOT = Integer.MAX_VALUE - 1;

  /** The commit's name. */
  public RecordId id() {
    return header.id();
  }

  /** When the slot before was stored, by the store's clock. */
  Instant predecessorTime() {
    return header.predecessorTime();
  }
}
