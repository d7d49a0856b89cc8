package dev.varve;

import java.util.Optional;

/**
 * One entry that differs between two snapshots; at least one side is present.
 *
 * @param before the entry in the first snapshot
 * @param after the entry in the second
 * @param contentChanged whether the content differs; if not, only what is said about it does
 */
public record Difference(Optional<Entry> before, Optional<Entry> after, boolean contentChanged) {

  /** Fails without a side. */
  public Difference {
    if (before.isEmpty() && after.isEmpty()) {
      throw new IllegalArgumentException("A difference has at least one side");
    }
  }

  /** The entry's path. */
  public EntryPath path() {
    return after.or(() -> before).orElseThrow().path();
  }
}
