package dev.varve.internal.repair;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.PathFilter;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairPlan.Kind;
import dev.varve.RepairReport;
import dev.varve.RewriteReport;
import dev.varve.SnapshotId;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.DamageRecords;
import dev.varve.internal.vault.Registration;
import dev.varve.internal.vault.SecondLook;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Plans what can be done about damage and does it: adds items and records, and neither overwrites
 * nor deletes anything. Done twice, or by two at once, it does nothing wrong. Used by one thread.
 */
public final class Repair {

  /** What stands before the id of a snapshot where a step names one. */
  static final String SNAPSHOTS = "snapshots/";

  /** The levels of a catalog and of a content's lists, and a few more. */
  private static final int MOST_DEPTH = 20;

  private final Vault vault;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final List<RewriteReport> rewritten = new ArrayList<>();

  /** A repair of {@code vault}. */
  public Repair(Vault vault, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Looks for damage and says what can be done; changes nothing. */
  public RepairPlan plan(RepairOptions options) throws IOException {
    Survey survey = survey(options.level());
    LogState state = vault.state();
    long found = search(survey.wanted(), survey.wounds(), (kind, plain, offset, length) -> {});
    return RepairPlanner.plan(
        state,
        survey.wounds(),
        Suspension.of(vault.log(), state, options.readerDelay(), Instant.now()),
        found,
        options,
        survey.findings().list(),
        vault.keys().holdsRoot());
  }

  /** Does what a plan says, as far as that is still to be done. */
  public RepairReport run(RepairPlan plan) throws IOException {
    Steps steps = new Steps(plan);
    if (new LogSteps(vault, steps).run()) {
      rebuildIndex(steps);
      salvage(steps);
      record(steps);
      recover(steps);
      resume(steps, plan.options().readerDelay());
      rewrite(steps);
      vault.log().checkpoint();
    }
    steps.leaveRest("the log cannot be written to before its lost slots are back or given up");
    return report(steps);
  }

  /** Records damage and what is well again; how many steps that were. */
  long record(Steps steps) throws IOException {
    recordDamage(steps);
    withdrawDamage(steps);
    return steps.done().stream()
        .filter(step -> step.kind() == Kind.RECORD_DAMAGE || step.kind() == Kind.WITHDRAW_DAMAGE)
        .count();
  }

  private Survey survey(CheckOptions.Level level) throws IOException {
    CheckOptions options = CheckOptions.builder().level(level).build();
    return Survey.of(vault, options, reporter, cancellation);
  }

  private RepairReport report(Steps steps) throws IOException {
    List<CheckReport.Finding> losses =
        survey(CheckOptions.Level.INDEX).findings().list().stream()
            .filter(finding -> finding.affectedCount() > 0)
            .toList();
    return new RepairReport(steps.done(), steps.left(), losses, rewritten);
  }

  /** New runs say what sound ones do not; then the others are replaced. */
  private void rebuildIndex(Steps steps) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.REPLACE_RUN, Kind.ADD_TO_INDEX);
    if (planned.isEmpty()) {
      return;
    }
    reporter.phase("making the index again", OptionalLong.empty(), OptionalLong.empty());
    LogState state = vault.log().verify();
    Set<RunName> replaced = new HashSet<>();
    for (RepairPlan.Step step : steps.of(Kind.REPLACE_RUN)) {
      RunName run = RunName.ofKey(step.item());
      if (state.run(run).isLive()) {
        replaced.add(run);
      }
    }
    List<NewRun> made;
    try (IndexRebuild rebuild = new IndexRebuild(vault, cancellation)) {
      made = rebuild.run(state, replaced);
    } catch (FormatException e) {
      steps.leave(planned, "another run has been damaged since; plan again: " + e.getMessage());
      return;
    }
    if (!made.isEmpty() || !replaced.isEmpty()) {
      Cancellation.shielded(
          () -> vault.log().append(Draft.computed(now -> replacing(now, replaced, made))));
    }
    vault.refresh();
    steps.finish(planned);
  }

  private static Index replacing(LogState now, Set<RunName> replaced, List<NewRun> made) {
    List<RunName> live = replaced.stream().filter(run -> now.run(run).isLive()).sorted().toList();
    return new Index(now.slot(), live, made, List.of());
  }

  /** Stores anew what can be read of packs that do not say any more what they hold. */
  private void salvage(Steps steps) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.SALVAGE);
    if (planned.isEmpty()) {
      return;
    }
    reporter.phase("storing anew", OptionalLong.of(planned.size()), OptionalLong.empty());
    List<Wounds.Wounded> packs = new ArrayList<>();
    for (RepairPlan.Step step : planned) {
      packs.add(
          new Wounds.Wounded(vault.state().pack(PackName.ofKey(step.item())), step.message()));
    }
    Registration registration = new Registration(vault);
    try (WriteSession session = vault.writeAnew()) {
      ChunkSink sink = session.sink();
      new WoundedPacks(vault, cancellation).open(packs, new BadPlaces(), sink::put);
      session.drain();
      registration.run(session.publish());
    }
    steps.finish(planned);
  }

  private long search(Wanted wanted, Wounds wounds, WoundedPacks.Taker taker) throws IOException {
    if (wanted.isEmpty()) {
      return 0;
    }
    reporter.phase("looking everywhere", OptionalLong.empty(), OptionalLong.empty());
    try (LostSearch search = new LostSearch(vault, wanted, taker, cancellation)) {
      return search.run(vault.state(), wounds.packs());
    }
  }

  /** A chunk of a catalog that is found tells what else is needed. */
  private void recover(Steps steps) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.RECOVER);
    long found = planned.isEmpty() ? 0 : 1;
    for (int depth = 0; found > 0 && depth < MOST_DEPTH; depth++) {
      Survey survey = survey(CheckOptions.Level.INDEX);
      Registration registration = new Registration(vault);
      try (WriteSession session = vault.writeAnew()) {
        found = search(survey.wanted(), survey.wounds(), session.sink()::put);
        session.drain();
        registration.run(session.publish());
      }
    }
    steps.finish(planned);
  }

  /** Whatever can be read by now is not recorded. */
  private void recordDamage(Steps steps) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.RECORD_DAMAGE);
    List<PackBlocks> found = new ArrayList<>();
    try (SecondLook look = new SecondLook(vault)) {
      for (RepairPlan.Step step : planned) {
        cancellation.check();
        look.damaged(blocks(step)).filter(each -> !isClaimed(each)).ifPresent(found::add);
      }
    }
    DamageRecords.append(vault.log(), found, List.of());
    steps.finish(planned);
  }

  private void withdrawDamage(Steps steps) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.WITHDRAW_DAMAGE);
    List<PackBlocks> sound = new ArrayList<>();
    try (SecondLook look = new SecondLook(vault)) {
      for (RepairPlan.Step step : planned) {
        cancellation.check();
        PackBlocks blocks = blocks(step);
        if (isClaimed(blocks) && look.damaged(blocks).isEmpty()) {
          sound.add(blocks);
        }
      }
    }
    DamageRecords.append(vault.log(), List.of(), sound);
    steps.finish(planned);
  }

  private static PackBlocks blocks(RepairPlan.Step step) throws IOException {
    return new PackBlocks(PackName.ofKey(step.item()), step.blocks());
  }

  private void rewrite(Steps steps) throws IOException {
    for (RepairPlan.Step step : steps.of(Kind.REWRITE_SNAPSHOT)) {
      try {
        SnapshotId id = new SnapshotId(step.item().substring(SNAPSHOTS.length()));
        rewritten.add(new Rewrite(vault, reporter, cancellation).run(id, PathFilter.everything()));
        steps.finish(List.of(step));
      } catch (ConfigurationException | ConflictException e) {
        steps.leave(List.of(step), String.valueOf(e.getMessage()));
      }
    }
  }

  /** By the store's own clock, which a new checkpoint tells. */
  private void resume(Steps steps, Duration delay) throws IOException {
    List<RepairPlan.Step> planned = steps.of(Kind.RESUME_PACKS);
    if (planned.isEmpty()) {
      return;
    }
    Instant now = vault.log().checkpointNow();
    Suspension suspension = Suspension.of(vault.log(), vault.state(), delay, now);
    if (suspension.due().isPresent()) {
      steps.leave(planned, "by the store's clock it is not due before " + suspension.due().get());
      return;
    }
    if (suspension.packs() > 0) {
      new Resumption(vault, cancellation).run();
    }
    steps.finish(planned);
  }

  /** Whether all of these blocks are recorded as damaged already. */
  private boolean isClaimed(PackBlocks blocks) {
    Optional<PackBlocks> known =
        vault.state().damage().stream()
            .filter(damaged -> damaged.pack().equals(blocks.pack()))
            .findFirst();
    return known.isPresent()
        && (known.get().isWhole()
            || (!blocks.isWhole() && known.get().blocks().containsAll(blocks.blocks())));
  }
}
