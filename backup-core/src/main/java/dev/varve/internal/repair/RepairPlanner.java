package dev.varve.internal.repair;

import dev.varve.CheckReport;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairPlan.Kind;
import dev.varve.RewriteReport;
import dev.varve.SnapshotId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.LostSlot;
import dev.varve.internal.log.PackBlocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
  private final boolean holdsRoot;
  private final Suspension suspension;
  private final long found;
  private final List<RepairPlan.Step> steps = new ArrayList<>();

  private RepairPlanner(
      LogState state,
      Wounds wounds,
      Suspension suspension,
      long found,
      RepairOptions options,
      boolean holdsRoot) {
    this.found = found;
    this.state = state;
    this.wounds = wounds;
    this.suspension = suspension;
    this.options = options;
    this.holdsRoot = holdsRoot;
  }

  /**
   * The plan.
   *
   * @param suspension what waits to be relied on again
   * @param found how many lost chunks were found in places that nobody relies on
   * @param findings what the survey found
   * @param holdsRoot whether the key in use hands out the root, from which the config follows
   */
  static RepairPlan plan(
      LogState state,
      Wounds wounds,
      Suspension suspension,
      long found,
      RepairOptions options,
      List<CheckReport.Finding> findings,
      boolean holdsRoot) {
    RepairPlanner planner = new RepairPlanner(state, wounds, suspension, found, options, holdsRoot);
    wounds.log().ifPresent(planner::log);
    planner.index();
    planner.packs();
    planner.damage();
    planner.recover(findings);
    planner.resume();
    planner.rewrite(findings);
    return new RepairPlan(planner.steps, options, findings);
  }

  /** Only what can be recorded about damage; what can be read in parts is left to a repair. */
  static RepairPlan records(LogState state, Wounds wounds) {
    Suspension none = new Suspension(0, Optional.empty(), Optional.empty());
    RepairPlanner planner =
        new RepairPlanner(state, wounds, none, 0, RepairOptions.defaults(), false);
    planner.damage();
    Set<String> partly = new HashSet<>();
    wounds.packs().forEach(wounded -> partly.add(wounded.pack().name().key()));
    planner.steps.removeIf(
        step -> step.kind() == Kind.RECORD_DAMAGE && partly.contains(step.item()));
    return new RepairPlan(planner.steps, RepairOptions.defaults(), List.of());
  }

  private void log(LogWounds log) {
    log.config().ifPresent(this::config);
    for (long slot : log.log().notInPlace()) {
      step(
          Kind.PUT_BACK_SLOT,
          Log.key(slot),
          "The slot is missing; the slot after it has all that it said");
    }
    log.damaged()
        .forEach(
            (slot, what) -> {
              if (!what.contains("missing")) {
                advise(slot, what + ". Nothing is lost, and nothing is overwritten");
              }
            });
    for (LostSlot slot : log.log().lost()) {
      lost(slot);
    }
    log.log().rollback().ifPresent(e -> rollback(String.valueOf(e.getMessage())));
  }

  private void config(String damage) {
    if (damage.contains("missing") && holdsRoot) {
      step(Kind.MAKE_CONFIG, "config", damage + "; it follows from the key slot");
    } else {
      advise(
          "config",
          damage
              + (holdsRoot
                  ? ". Nothing is overwritten: remove it, then run repair again"
                  : ". Use a key that hands out everything"));
    }
  }

  private void lost(LostSlot slot) {
    if (slot.newer() > 0) {
      advise(slot.key(), slot.why());
    } else if (options.givingUpSlots()) {
      step(
          Kind.GIVE_UP_SLOT,
          slot.key(),
          slot.why() + "; what it said is lost for good, and " + pause());
    } else {
      advise(
          slot.key(),
          slot.why()
              + ". Bring it back from a copy of the store; only if there is none, let repair give"
              + " it up");
    }
  }

  private void rollback(String what) {
    if (options.acceptingRollback()) {
      step(
          Kind.ACCEPT_ROLLBACK,
          "log/",
          what + ". The log is gone on with as it is, and " + pause());
    } else {
      advise("log/", what);
    }
  }

  /** What is so until packs are resumed. */
  private String pause() {
    Duration delay = options.readerDelay();
    return "no backup relies on what was stored before until repair runs again, at least "
        + (delay.toSeconds() % 3600 == 0 ? delay.toHours() + " h" : delay.toSeconds() + " s")
        + " later";
  }

  private void resume() {
    if (suspension.packs() > 0) {
      steps.add(
          new RepairPlan.Step(
              Kind.RESUME_PACKS,
              "packs/",
              suspension.packs()
                  + " packs are not relied on since a slot was given up or a rollback accepted;"
                  + " those that are still there then are again",
              List.of(),
              suspension.due()));
    }
  }

  /** One that has a replacement already does not get another. */
  private void rewrite(List<CheckReport.Finding> findings) {
    if (!options.rewritingSnapshots()) {
      return;
    }
    Set<SnapshotId> damaged = new LinkedHashSet<>();
    findings.forEach(finding -> finding.affected().forEach(each -> damaged.add(each.snapshot())));
    for (LiveSnapshot snapshot : state.snapshots()) {
      Optional.ofNullable(snapshot.record().tags().get(RewriteReport.TAG))
          .ifPresent(original -> damaged.removeIf(id -> id.hex().equals(original)));
    }
    for (SnapshotId id : damaged) {
      step(
          Kind.REWRITE_SNAPSHOT,
          Repair.SNAPSHOTS + id.hex(),
          "If it still lacks something then, it gets a replacement without that; it stays itself"
              + " until it is forgotten");
    }
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

  /** With the index made again, more may be missed, and found, than can be seen now. */
  private void recover(List<CheckReport.Finding> findings) {
    boolean indexed = wounds.runs().isEmpty() && wounds.unindexed().isEmpty();
    boolean missed = findings.stream().anyMatch(finding -> finding.affectedCount() > 0);
    if (found > 0 || (missed && !indexed)) {
      step(
          Kind.RECOVER,
          "packs/",
          "What snapshots need and no pack of use holds is looked for in all others, and stored"
              + " anew; found so far: "
              + found
              + " chunks");
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

  private void advise(String item, String message) {
    step(Kind.ADVICE, item, message);
  }

  private void step(Kind kind, String item, String message) {
    steps.add(new RepairPlan.Step(kind, item, message, List.of(), Optional.empty()));
  }
}
