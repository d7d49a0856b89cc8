package dev.varve.internal.forget;

import dev.varve.ConfigurationException;
import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.ClockStep;
import dev.varve.ForgetPlan.Decision;
import dev.varve.ForgetPlan.Verdict;
import dev.varve.Retention;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.internal.log.LogState;
import dev.varve.internal.vault.ShownSnapshots;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Says what a forget would drop, changing nothing. Used by one thread. */
public final class ForgetPlanning {

  private final Vault vault;

  /** Plans for {@code vault}. */
  public ForgetPlanning(Vault vault) {
    this.vault = vault;
  }

  /** What {@code retention} says of the live snapshots that are among those meant. */
  public ForgetPlan by(Retention retention, Predicate<SnapshotId> meant) throws IOException {
    LogState state = vault.log().verify();
    List<Snapshot> snapshots =
        ShownSnapshots.of(state).stream().filter(snapshot -> meant.test(snapshot.id())).toList();
    List<Decision> decisions = retention.decide(snapshots);
    Optional<ClockStep> step =
        retention.goesByTime() ? new ClockSteps(vault.log()).unconfirmed(state) : Optional.empty();
    return new ForgetPlan(vault.id().hex(), state.slot(), decisions, step, false);
  }

  /** Drops exactly these, and looks at no others. */
  public ForgetPlan of(Collection<SnapshotId> ids) throws IOException {
    LogState state = vault.log().verify();
    Map<SnapshotId, Snapshot> live =
        ShownSnapshots.of(state).stream()
            .collect(Collectors.toMap(Snapshot::id, Function.identity()));
    List<Decision> decisions = new ArrayList<>();
    for (SnapshotId id : new LinkedHashSet<>(ids)) {
      Snapshot snapshot =
          Optional.ofNullable(live.get(id))
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "There is no snapshot " + id + "; nothing was forgotten"));
      if (snapshot.pinned()) {
        throw new ConfigurationException(
            "Snapshot " + id + " is pinned; unpin it first. Nothing was forgotten");
      }
      decisions.add(
          new Decision(snapshot, snapshot.source().toString(), Verdict.DROP, List.of("named")));
    }
    return new ForgetPlan(vault.id().hex(), state.slot(), decisions, Optional.empty(), false);
  }
}
