package dev.varve.internal.index;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * Goes through several sorted sequences as through one. Used by one thread. When a step fails, it
 * can be tried again: whatever the failing sequence does then, the others go on.
 */
final class MergedCursor<S extends MergedCursor.Step> {

  private final PriorityQueue<S> ready;
  private final Deque<S> toStep;

  /** Orders the sequences by what they stand at. */
  MergedCursor(Collection<S> sequences, Comparator<? super S> order) {
    this.ready = new PriorityQueue<>(Math.max(1, sequences.size()), order);
    this.toStep = new ArrayDeque<>(sequences);
  }

  /** Goes to the next, if there is one. */
  boolean next() throws IOException {
    while (!toStep.isEmpty()) {
      if (toStep.getFirst().next()) {
        ready.add(toStep.getFirst());
      }
      toStep.removeFirst();
    }
    if (ready.isEmpty()) {
      return false;
    }
    toStep.add(ready.remove());
    return true;
  }

  /** The sequence that stands at the least; not to be stepped by anybody else. */
  S current() {
    return toStep.getFirst();
  }

  /** A sorted sequence; used by one thread. */
  interface Step {

    /** Goes to the next, if there is one. */
    boolean next() throws IOException;
  }
}
