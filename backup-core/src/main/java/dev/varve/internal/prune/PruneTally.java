package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.PrunePlan.Due;
import dev.varve.PruneReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a prune did, over all its tries. Used by one thread. */
final class PruneTally {

  private Amount retired = Amount.NONE;
  private Amount repacked = Amount.NONE;
  private Amount resumed = Amount.NONE;
  private Amount condemned = Amount.NONE;
  private Amount deleted = Amount.NONE;
  private final Map<Long, Amount> condemnedSlots = new TreeMap<>();
  private Amount protectedLonger = Amount.NONE;
  private long copiedBytes;
  private long leftBytes;
  private int mergedRuns;

  void retired(Amount more) {
    retired = retired.plus(more);
  }

  void repacked(Amount more, long bytes) {
    repacked = repacked.plus(more);
    copiedBytes += bytes;
  }

  void resumed(Amount more) {
    resumed = resumed.plus(more);
  }

  void condemned(long slot, Amount more) {
    condemned = condemned.plus(more);
    condemnedSlots.put(slot, more);
  }

  /** What was condemned, by the slots that say so. */
  Map<Long, Amount> condemnedSlots() {
    return condemnedSlots;
  }

  void deleted(Amount more) {
    deleted = deleted.plus(more);
  }

  void protectedLonger(Amount more) {
    protectedLonger = protectedLonger.plus(more);
  }

  void merged(int runs) {
    mergedRuns += runs;
  }

  void left(long bytes) {
    leftBytes = bytes;
  }

  PruneReport report(List<Due> due, List<String> unreadable) {
    return new PruneReport(
        retired,
        repacked,
        copiedBytes,
        resumed,
        condemned,
        deleted,
        mergedRuns,
        leftBytes,
        protectedLonger,
        due,
        unreadable);
  }
}
