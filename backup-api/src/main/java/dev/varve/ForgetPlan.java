package dev.varve;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a forget would drop and keep, and why; made by planning, done by applying. Immutable.
 *
 * @param repository the id of the repository it was made for
 * @param position the slot of the log it was made at: what others did since is compared with it
 * @param decisions one for each snapshot that was looked at, by group, oldest first
 * @param clockStep a step of the store's clock that makes the times doubtful this plan goes by
 * @param confirmed whether that step was confirmed to be right
 */
public record ForgetPlan(
    String repository,
    long position,
    List<Decision> decisions,
    Optional<ClockStep> clockStep,
    boolean confirmed) {

  /** Copies the list. */
  public ForgetPlan {
    decisions = List.copyOf(decisions);
  }

  /** What becomes of a snapshot. */
  public enum Verdict {
    /** It stays. */
    KEEP,
    /** It is forgotten. */
    DROP
  }

  /**
   * What becomes of one snapshot.
   *
   * @param snapshot the snapshot
   * @param group those it was compared with, e.g. {@code files:uploads@web-1}
   * @param verdict what becomes of it
   * @param reasons for one that is kept, what keeps it; for one that is dropped, why no rule does
   */
  public record Decision(Snapshot snapshot, String group, Verdict verdict, List<String> reasons) {

    /** Copies the list. */
    public Decision {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * A step of more than {@value Retention#MAX_STEP_DAYS} days between two slots of the log that
   * follow each other: nobody wrote for so long, or the store's clock was set.
   *
   * @param slot the later slot
   * @param before when the earlier was stored, by the store's clock
   * @param after when the later was
   */
  public record ClockStep(long slot, Instant before, Instant after) {}

  /** The snapshots it drops. */
  public List<Snapshot> dropped() {
    return with(Verdict.DROP);
  }

  /** The snapshots it keeps. */
  public List<Snapshot> kept() {
    return with(Verdict.KEEP);
  }

  /** The same plan, whose {@link #clockStep()} somebody has looked at and found right. */
  public ForgetPlan confirm() {
    return new ForgetPlan(repository, position, decisions, clockStep, true);
  }

  private List<Snapshot> with(Verdict verdict) {
    return decisions.stream()
        .filter(decision -> decision.verdict() == verdict)
        .map(Decision::snapshot)
        .toList();
  }
}
