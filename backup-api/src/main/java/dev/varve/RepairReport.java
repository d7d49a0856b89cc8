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
    List<RewriteReport> rewritten) {

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
}
