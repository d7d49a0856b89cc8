package dev.varve.internal.log;

import java.io.IOException;
import java.util.List;

/** What snapshots there ever were: the log folded as if nothing had been forgotten. Stateless. */
public final class SnapshotHistory {

  private SnapshotHistory() {}

  /**
   * A state up to the slot of {@code now} in which every snapshot that was ever committed is live,
   * with its time and the tags it had last. It knows nothing else. Reads the whole log.
   */
  public static LogState until(LogState now, Log log) throws IOException {
    Folding folding = new Folding(LogState.EMPTY);
    log.forEachEntry(
        0,
        now.slot(),
        entry -> {
          passOver(entry.slot(), folding);
          folding.apply(
              new LogEntry(
                  entry.slot(),
                  entry.hash(),
                  entry.storedBytes(),
                  entry.header(),
                  ofSnapshots(entry.record())));
        });
    passOver(now.slot() + 1, folding);
    LogState all = folding.state();
    return now.headTime().map(all::seenAt).orElse(all);
  }

  /** Slots that were given up are not shown. */
  private static void passOver(long next, Folding folding) {
    while (folding.slot() < next - 1) {
      folding.skip(folding.slot() + 1, SlotHash.NONE);
    }
  }

  /** What the record says of snapshots, other than that they are forgotten. */
  private static LogRecord ofSnapshots(LogRecord record) {
    if (record instanceof Snapshots made) {
      return new Snapshots(
          made.base(), made.call(), made.snapshots(), List.of(), List.of(), List.of());
    }
    boolean kept =
        record instanceof Settings || record instanceof Attributes || record instanceof Undelete;
    return kept ? record : new Forget(record.base(), List.of(), List.of());
  }
}
