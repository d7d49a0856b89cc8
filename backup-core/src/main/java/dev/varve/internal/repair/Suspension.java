package dev.varve.internal.repair;

import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The packs that nothing new relies on since a slot was given up or a rollback accepted.
 *
 * @param packs how many there are
 * @param since when that was, by the store's clock; empty if there are none or nobody can say
 * @param due until when that is so; empty if it is over, or there are none
 */
record Suspension(long packs, Optional<Instant> since, Optional<Instant> due) {

  /** What a state says of them; {@code now} is an estimate, in a plan, or the store's own time. */
  static Suspension of(Log log, LogState state, Duration delay, Instant now) throws IOException {
    AtomicLong count = new AtomicLong();
    state.forEachPack(
        pack -> {
          if (waits(state, pack)) {
            count.incrementAndGet();
          }
        });
    if (count.get() == 0) {
      return new Suspension(0, Optional.empty(), Optional.empty());
    }
    Optional<Instant> since = log.timeOf(state.voids().last());
    Instant end = since.orElse(now).plus(delay);
    boolean over = since.isPresent() && !now.isBefore(end);
    return new Suspension(count.get(), since, over ? Optional.empty() : Optional.of(end));
  }

  /** Whether it is not decided yet what becomes of a pack. */
  static boolean waits(LogState state, PackStatus pack) {
    return pack.isRegistered()
        && !pack.isCondemned()
        && state.isSuspended(pack)
        && !Survey.isRecorded(state, pack);
  }
}
