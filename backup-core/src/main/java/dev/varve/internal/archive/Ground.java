package dev.varve.internal.archive;

import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.log.LogState;

/**
 * What a backup call stands on: the slot at which it began, which is its record's base, and the
 * state that decides what it may rely on, which may be a later one: an older base only meets more
 * records. Safe for use by many threads; moved on by one.
 */
final class Ground {

  private final long base;
  private volatile LogState state;

  Ground(LogState began) {
    this.base = Math.max(0, began.slot());
    this.state = began;
  }

  /** The slot that the call's records are based on. */
  long base() {
    return base;
  }

  /** The state that decides. */
  LogState state() {
    return state;
  }

  /** Whether a chunk said to be there may be relied on, its pack unnamed. */
  boolean isUsable(ChunkLocation place) {
    return state.isUsable(place.pack(), place.block());
  }

  /** Goes by a later state from now on. */
  void moveTo(LogState later) {
    if (later.slot() < state.slot()) {
      throw new IllegalArgumentException(
          "Slot " + later.slot() + " is not later than " + state.slot());
    }
    state = later;
  }
}
