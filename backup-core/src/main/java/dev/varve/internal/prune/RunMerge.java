package dev.varve.internal.prune;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.MergePlan;
import dev.varve.internal.index.Run;
import dev.varve.internal.index.RunMerger;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges the runs of the index when there are many. Used by one thread. */
final class RunMerge {

  private final Vault vault;
  private final PruneTally tally;
  private final Unreadable unreadable;
  private final Cancellation cancellation;

  RunMerge(Vault vault, PruneTally tally, Unreadable unreadable, Cancellation cancellation) {
    this.vault = vault;
    this.tally = tally;
    this.unreadable = unreadable;
    this.cancellation = cancellation;
  }

  /** Merges until there are few. That others were faster is no failure. */
  void run() throws IOException {
    vault.refresh();
    Set<RunName> some = choice(vault.state());
    while (!some.isEmpty()) {
      cancellation.check();
      vault.log().verify();
      vault.refresh();
      if (!merge(vault.state(), choice(vault.state()))) {
        return;
      }
      some = choice(vault.state());
    }
  }

  private static Set<RunName> choice(LogState state) {
    Map<RunName, Long> sizes = new HashMap<>();
    for (RunStatus run : state.liveRuns()) {
      sizes.put(run.name(), run.storedBytes());
    }
    return MergePlan.choose(sizes);
  }

  private boolean merge(LogState state, Set<RunName> chosen) throws IOException {
    List<Run> runs =
        vault.index().runs().stream().filter(run -> chosen.contains(run.name())).toList();
    if (runs.size() < 2 || !RunMerger.canMerge(runs)) {
      return false;
    }
    RunName name = RunName.random();
    try (SealedRun merged =
        vault.runs().merger(pack -> state.pack(pack).isCondemned()).merge(runs, name)) {
      vault.store().create(name.key(), merged.body());
      Index record =
          new Index(
              state.slot(),
              runs.stream().map(Run::name).toList(),
              List.of(new NewRun(name, merged.body().length())),
              List.of());
      vault.log().append(Draft.of(record));
      vault.runs().adopt(merged);
      tally.merged(runs.size());
    } catch (FormatException e) {
      unreadable.note("Runs of the index are not merged: " + e.getMessage());
      return false;
    } catch (LogConflictException e) {
      // Somebody else merged them: the run made in vain is collected as what nobody added.
      return false;
    }
    vault.refresh();
    return true;
  }
}
