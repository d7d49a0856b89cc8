package dev.varve.internal.prune;

import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogState;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When slots were stored, by the store's clock as the log tells it: what the slot after says. Used
 * by one thread; remembers what it read.
 */
final class SlotTimes {

  private final Log log;
  private final Map<Long, Optional<Instant>> known = new HashMap<>();

  SlotTimes(Log log) {
    this.log = log;
  }

  /** The time of a slot, if it is known and not after that of the last slot. */
  Optional<Instant> of(long slot) throws IOException {
    LogState state = log.state();
    if (slot == state.slot()) {
      return state.headTime();
    }
    Optional<Instant> time = known.get(slot);
    if (time == null) {
      time = told(slot, state.slot());
      known.put(slot, time);
    }
    return time.filter(then -> state.headTime().filter(then::isAfter).isEmpty());
  }

  /** What the next slot that was not given up says: the time of this one, or a later one. */
  private Optional<Instant> told(long slot, long head) throws IOException {
    for (long after = slot + 1; after <= head; after++) {
      List<LogEntry> entries = log.entries(after, after);
      if (!entries.isEmpty()) {
        return Optional.of(entries.get(0).header().predecessorTime());
      }
    }
    return Optional.empty();
  }
}
