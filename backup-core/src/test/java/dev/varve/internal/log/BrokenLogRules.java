package dev.varve.internal.log;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Ways to break a rule of the real log, which a simulation must notice. */
public final class BrokenLogRules {

  private BrokenLogRules() {}

  /** What was refused is appended to the next slot as it is. */
  public static LogRules withoutValidation() {
    return new LogRules() {
      @Override
      List<Conflict> conflicts(List<LogEntry> sinceBase, LogRecord record) {
        return List.of();
      }
    };
  }

  /** That others do away with what a record relies on does not matter. */
  public static LogRules usesMayBeKilled() {
    return new LogRules() {
      @Override
      List<Conflict> conflicts(List<LogEntry> sinceBase, LogRecord record) {
        return super.conflicts(sinceBase, record).stream()
            .map(each -> new Conflict(each.slot(), each.with(), Overlap.NONE, each.held()))
            .filter(each -> !each.held().isEmpty())
            .toList();
      }
    };
  }

  /** That others rely on what a record does away with does not matter. */
  public static LogRules killsMayBeUsed() {
    return new LogRules() {
      @Override
      List<Conflict> conflicts(List<LogEntry> sinceBase, LogRecord record) {
        return super.conflicts(sinceBase, record).stream()
            .map(each -> new Conflict(each.slot(), each.with(), each.lost(), Overlap.NONE))
            .filter(each -> !each.lost().isEmpty())
            .toList();
      }
    };
  }

  /** Each try has an id of its own. */
  public static LogRules newIdOfRetry() {
    return new LogRules() {
      @Override
      RecordId idOfRetry(RecordId first) {
        return RecordId.random();
      }
    };
  }

  /** Who deletes relies on any checkpoint that authenticates. */
  public static LogRules believingCheckpoints() {
    return new LogRules() {
      @Override
      boolean believesCheckpoints() {
        return true;
      }
    };
  }

  /**
   * Stores a checkpoint that authenticates and is wrong: of the last snapshot it knows nothing but
   * its packs, as if it had been forgotten; false if there is none.
   */
  public static boolean plantFalseCheckpoint(Log log) throws IOException {
    LogState state = log.refresh();
    LogPlace place = log.place();
    Optional<LiveSnapshot> last =
        state.snapshots().stream().max(Comparator.comparingLong(LiveSnapshot::slot));
    if (last.isEmpty()) {
      return false;
    }
    new Checkpoints(place.store(), place.repository(), place.seal(), note -> {})
        .write(without(last.get(), state));
    return true;
  }

  private static LogState without(LiveSnapshot snapshot, LogState state) {
    return new LogState(
        state.settings,
        state.slot,
        state.hash,
        state.storedBytes,
        state.previousMillis,
        state.headTime,
        state.packs,
        state.runs,
        state.damage,
        state.snapshots.stream().filter(each -> each != snapshot).toList(),
        state.calls,
        state.voided,
        state.voids,
        state.unknown);
  }
}
