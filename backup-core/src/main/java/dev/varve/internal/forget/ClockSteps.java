package dev.varve.internal.forget;

import dev.varve.ForgetPlan.ClockStep;
import dev.varve.Retention;
import dev.varve.internal.log.Forget;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks for steps of the store's clock that nobody has confirmed. Used by one thread.
 *
 * <p>A forget that goes by times and was appended says in the log that they were right as far as
 * its base; so only slots after that are looked at, newest first.
 */
final class ClockSteps {

  private static final Duration MAX_STEP = Duration.ofDays(Retention.MAX_STEP_DAYS);
  private static final int BATCH = 256;

  private final Log log;
  private long confirmed = -1;
  private long later;
  private Optional<Instant> laterTime = Optional.empty();

  ClockSteps(Log log) {
    this.log = log;
  }

  /** The newest step in the log as far as {@code state} that nobody has confirmed. */
  Optional<ClockStep> unconfirmed(LogState state) throws IOException {
    later = state.slot();
    laterTime = state.headTime();
    for (long to = state.slot(); to > 0; to -= BATCH) {
      List<LogEntry> entries = log.entries(Math.max(1, to - BATCH + 1), to);
      for (int i = entries.size() - 1; i >= 0; i--) {
        LogEntry entry = entries.get(i);
        if (entry.slot() <= confirmed) {
          return Optional.empty();
        }
        Optional<ClockStep> step = before(entry);
        if (step.isPresent()) {
          return step;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<ClockStep> before(LogEntry entry) {
    if (confirmed < 0 && entry.record() instanceof Forget made && !made.kept().isEmpty()) {
      confirmed = made.base();
    }
    Instant time = entry.header().predecessorTime();
    Optional<ClockStep> step =
        laterTime
            .filter(after -> Duration.between(time, after).compareTo(MAX_STEP) > 0)
            .map(after -> new ClockStep(later, time, after));
    later = entry.slot() - 1;
    laterTime = Optional.of(time);
    return step;
  }
}
