package dev.varve.internal.forget;

import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.ClockStep;
import dev.varve.Retention;
import dev.varve.SnapshotId;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Forget;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogState;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Does what a plan lists, or nothing if the repository has moved on from it. Used by one thread.
 */
public final class Forgetting {

  private final Vault vault;
  private final Cancellation cancellation;

  /** Forgets in {@code vault}. */
  public Forgetting(Vault vault, Cancellation cancellation) {
    this.vault = vault;
    this.cancellation = cancellation;
  }

  /**
   * Appends what the plan says. One that does not fit one record takes several; if others get in
   * between, the rest is not done.
   *
   * @return what was forgotten: what is dropped by the plan and was not gone already
   */
  public List<SnapshotId> apply(ForgetPlan plan) throws IOException {
    requireUsable(plan);
    vault.log().verify();
    List<SnapshotId> gone = new ArrayList<>();
    for (Forget record : ForgetRecords.of(plan)) {
      cancellation.check();
      try {
        Cancellation.shielded(() -> append(record)).ifPresent(made -> gone.addAll(made.dropped()));
      } catch (LogConflictException e) {
        requireFirst(gone, e);
        throw e;
      } catch (ConflictException e) {
        requireFirst(gone, e);
        throw e;
      }
    }
    Cancellation.shielded(
        () -> {
          vault.log().checkpoint();
          return gone;
        });
    return gone;
  }

  private void requireUsable(ForgetPlan plan) {
    if (!plan.repository().equals(vault.id().hex())) {
      throw new ConfigurationException(
          "The plan is of repository " + plan.repository() + ", not of this one; plan anew");
    }
    if (plan.clockStep().isPresent() && !plan.confirmed() && !plan.dropped().isEmpty()) {
      ClockStep step = plan.clockStep().get();
      throw new ConfigurationException(
          String.format(
              "Nothing was forgotten: the store's clock went from %s to %s in slot %d of the log,"
                  + " more than %d days at once. If nobody wrote for so long, confirm the plan; if"
                  + " the clock was wrong, set it right first",
              step.before(), step.after(), step.slot(), Retention.MAX_STEP_DAYS));
    }
  }

  /** Appends a record without what is gone already; nothing, if it then does nothing. */
  private Optional<Forget> append(Forget record) throws IOException {
    Set<SnapshotId> live = new HashSet<>();
    vault.log().refresh().snapshots().forEach(snapshot -> live.add(snapshot.id()));
    List<SnapshotId> left = record.dropped().stream().filter(live::contains).toList();
    if (left.isEmpty() && !record.dropped().isEmpty()) {
      return Optional.empty();
    }
    Forget rest = new Forget(record.base(), left, record.kept());
    vault.log().append(new Checked(rest));
    return Optional.of(rest);
  }

  /** Says how much is done already when the rest cannot be. */
  private static void requireFirst(List<SnapshotId> forgotten, Exception conflict) {
    if (!forgotten.isEmpty()) {
      throw new ConflictException(
          forgotten.size()
              + " snapshots were forgotten, the rest of the plan was not: "
              + conflict.getMessage(),
          conflict);
    }
  }

  /** A record that is compared with the head before anything else. */
  private record Checked(Forget record) implements Draft {

    @Override
    public Forget compute(LogState state) throws IOException {
      if (record.base() > state.slot()) {
        throw new ConflictException(
            String.format(
                "The plan was made at slot %d of the log, which ends in slot %d; plan anew",
                record.base(), state.slot()));
      }
      Set<SnapshotId> gone = new HashSet<>(record.kept());
      Set<SnapshotId> dropped = Set.copyOf(record.dropped());
      for (LiveSnapshot snapshot : state.snapshots()) {
        SnapshotId id = snapshot.id();
        gone.remove(id);
        if (snapshot.isPinned() && dropped.contains(id)) {
          throw new ConflictException(
              "Snapshot " + id + " is pinned meanwhile; nothing was forgotten. Plan anew");
        }
      }
      if (!gone.isEmpty()) {
        throw new ConflictException(
            "Snapshot "
                + gone.iterator().next()
                + " is gone, which the plan keeps; nothing was forgotten. Plan anew");
      }
      return record;
    }
  }
}
