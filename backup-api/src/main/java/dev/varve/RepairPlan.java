package dev.varve;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a repair would do, step by step; nothing of it is done yet. Carrying it out looks at
 * everything again and does no step that is not in it.
 *
 * @param steps what would be done, in this order
 * @param options what it was planned with
 * @param findings what is wrong, with the snapshots and paths that are touched as long as nothing
 *     is repaired
 */
public record RepairPlan(
    List<Step> steps, RepairOptions options, List<CheckReport.Finding> findings) {

  /** Copies the lists. */
  public RepairPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /** Whether there is a step that can be done now. */
  public boolean hasWork() {
    return steps.stream().anyMatch(step -> step.kind().isWork() && step.due().isEmpty());
  }

  /** What a step does. None overwrites or deletes anything. */
  public enum Kind {
    /** The config is made again from a key slot. */
    MAKE_CONFIG,
    /** A missing slot of the log is put back from its successor's copy. */
    PUT_BACK_SLOT,
    /** A slot that nobody can read is given up. */
    GIVE_UP_SLOT,
    /** The log is gone on with although it went back. */
    ACCEPT_ROLLBACK,
    /** What packs say of themselves goes into a new run of the index. */
    ADD_TO_INDEX,
    /** A run that is lost, damaged or wrong is replaced by new ones. */
    REPLACE_RUN,
    /** Blocks that cannot be read are recorded as damaged. */
    RECORD_DAMAGE,
    /** Blocks that were recorded as damaged, and are not, are of use again. */
    WITHDRAW_DAMAGE,
    /** What can still be read of a damaged pack is stored anew. */
    SALVAGE,
    /** What snapshots lack is looked for in packs that nobody relies on, and stored anew. */
    RECOVER,
    /**
     * Packs that a given-up slot might have condemned, and that are still there, are of use again.
     */
    RESUME_PACKS,
    /** A snapshot that lost something gets a replacement without it. */
    REWRITE_SNAPSHOT,
    /** The folded log is stored, so that others need not fold it. */
    STORE_CHECKPOINT,
    /** Nothing is done: what somebody has to decide or do by hand. */
    ADVICE;

    /** Whether carrying it out does anything. */
    public boolean isWork() {
      return this != ADVICE;
    }
  }

  /**
   * One step.
   *
   * @param kind what it does
   * @param item the stored item, or the snapshot, that it is about
   * @param message what is wrong and what is done about it
   * @param blocks the blocks of a pack that it is about; none: all, or the item is no pack
   * @param due when it can be done, if that is not now
   */
  public record Step(
      Kind kind, String item, String message, List<Integer> blocks, Optional<Instant> due) {

    /** Copies the list. */
    public Step {
      blocks = List.copyOf(blocks);
    }
  }
}
