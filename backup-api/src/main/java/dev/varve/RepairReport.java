package dev.varve;

import java.util.List;

/**
 * What a repair did.
 *
 * @param done the steps that were done
 * @param left the steps that were not, each with the reason in its message
 * @param losses what is lost for good, with the snapshots and paths that need it
 * @param rewritten the snapshots that got a replacement
 */
public record RepairReport(
    List<RepairPlan.Step> done,
    List<RepairPlan.Step> left,
    List<CheckReport.Finding> losses,
    List<Rewritten> rewritten) {

  /** Copies the lists. */
  public RepairReport {
    done = List.copyOf(done);
    left = List.copyOf(left);
    losses = List.copyOf(losses);
    rewritten = List.copyOf(rewritten);
  }

  /** Whether everything is well now: nothing was left to do and nothing is lost. */
  public boolean complete() {
    return left.isEmpty() && losses.isEmpty();
  }

  /**
   * A snapshot that got a replacement.
   *
   * @param original the snapshot, which stays until it is forgotten
   * @param replacement the new one, at the same place in time
   * @param omitted what the new one does not hold, at most the first 10 000
   * @param omittedCount how much that is
   */
  public record Rewritten(
      SnapshotId original, Snapshot replacement, List<Problem> omitted, long omittedCount) {

    /** Copies the list. */
    public Rewritten {
      omitted = List.copyOf(omitted);
    }
  }
}
