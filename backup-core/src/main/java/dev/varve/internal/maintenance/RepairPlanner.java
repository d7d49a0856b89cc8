package dev.varve.internal.maintenance;

import dev.varve.CheckReport;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairPlan.Kind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackBlocks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Says what can be done about wounds: a pure function of them and of the log. */
final class RepairPlanner {

  private final LogState state;
  private final Wounds wounds;
  private final RepairOptions options;
  private final List<RepairPlan.Step> steps = new ArrayList<>();

  private RepairPlanner(LogState state, Wounds wounds, RepairOptions options) {
    this.state = state;
    this.wounds = wounds;
    this.options = options;
  }

  /**
   * The plan.
   *
   * @param findings what the survey found
   */
  static RepairPlan plan(
      LogState state, Wounds wounds, RepairOptions options, List<CheckReport.Finding> findings) {
    RepairPlanner planner = new RepairPlanner(state, wounds, options);
    planner.index();
    planner.packs();
    planner.damage();
    return new RepairPlan(planner.steps, options, findings);
  }

  private void index() {
    wounds
        .runs()
        .forEach(
            (run, reason) ->
                step(Kind.REPLACE_RUN, run.key(), reason + "; it is made again from packs"));
    wounds
        .unindexed()
        .forEach(
            (pack, chunks) ->
                step(
                    Kind.ADD_TO_INDEX,
                    pack.key(),
                    "No sound run knows " + chunks + " of its chunks; its footer does"));
  }

  private void packs() {
    for (Wounds.Wounded wounded : wounds.packs()) {
      if (!Survey.isRecorded(state, wounded.pack())) {
        step(
            Kind.SALVAGE,
            wounded.pack().name().key(),
            wounded.reason() + "; what can be read of it is stored anew");
      }
    }
  }

  private void damage() {
    Set<PackName> whole = new HashSet<>();
    wounds.missing().forEach(pack -> whole.add(pack.name()));
    wounds.packs().forEach(wounded -> whole.add(wounded.pack().name()));
    Set<PackName> recorded = new HashSet<>();
    state
        .damage()
        .forEach(
            blocks -> {
              if (blocks.isWhole()) {
                recorded.add(blocks.pack());
              }
            });
    new TreeSet<>(whole)
        .forEach(
            pack -> {
              if (!recorded.contains(pack)) {
                step(
                    Kind.RECORD_DAMAGE,
                    pack.key(),
                    "It is missing or damaged; nothing new relies on it from then on");
              }
            });
    wounds.blocks().forEach(this::record);
    for (PackBlocks claimed : state.damage()) {
      withdraw(claimed, wounds.blocks().getOrDefault(claimed.pack(), new TreeSet<>()));
    }
  }

  private void record(PackName pack, SortedSet<Integer> blocks) {
    List<Integer> unrecorded =
        blocks.stream().filter(block -> !state.isDamaged(pack, block)).toList();
    if (!unrecorded.isEmpty()) {
      steps.add(
          new RepairPlan.Step(
              Kind.RECORD_DAMAGE,
              pack.key(),
              "These blocks cannot be opened; nothing new relies on them from then on",
              unrecorded,
              Optional.empty()));
    }
  }

  private void withdraw(PackBlocks claimed, SortedSet<Integer> stillBad) {
    if (!wounds.isVerified(claimed.pack())) {
      return;
    }
    List<Integer> sound =
        claimed.blocks().stream().filter(block -> !stillBad.contains(block)).toList();
    if (!sound.isEmpty() || (claimed.isWhole() && stillBad.isEmpty())) {
      steps.add(
          new RepairPlan.Step(
              Kind.WITHDRAW_DAMAGE,
              claimed.pack().key(),
              "It was recorded as damaged, and everything in it was opened now",
              sound,
              Optional.empty()));
    }
  }

  private void step(Kind kind, String item, String message) {
    steps.add(new RepairPlan.Step(kind, item, message, List.of(), Optional.empty()));
  }
}
