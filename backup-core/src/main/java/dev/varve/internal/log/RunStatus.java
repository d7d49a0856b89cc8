package dev.varve.internal.log;

import dev.varve.internal.format.RunName;

/**
 * What the log says of a run; slot 0 means that it never happened. Immutable.
 *
 * @param name the run
 * @param storedBytes its length; 0 as long as it was not added
 * @param addedAt the slot that added it
 * @param condemnedAt the slot that replaced it or decided its deletion, for ever
 */
public record RunStatus(RunName name, long storedBytes, long addedAt, long condemnedAt) {

  private static final long LOW = 0xffff_ffffL;

  /** Whether it is a part of the index. */
  public boolean isLive() {
    return addedAt != 0 && condemnedAt == 0;
  }

  /** Whether it may be deleted at any time. */
  public boolean isCondemned() {
    return condemnedAt != 0;
  }

  static RunStatus of(RunName name, NameTable.Row row) {
    return new RunStatus(name, row.second(), row.first() >>> 32, row.first() & LOW);
  }

  void put(NameTable.Editor runs) {
    runs.put(name.high(), name.low(), addedAt << 32 | condemnedAt, storedBytes);
  }

  RunStatus added(NewRun run, long slot) {
    return addedAt != 0 ? this : new RunStatus(name, run.storedBytes(), slot, condemnedAt);
  }

  RunStatus condemned(long slot) {
    return isCondemned() ? this : new RunStatus(name, storedBytes, addedAt, slot);
  }
}
