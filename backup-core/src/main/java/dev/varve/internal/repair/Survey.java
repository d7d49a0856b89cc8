package dev.varve.internal.repair;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.internal.log.Claims;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Items;
import dev.varve.internal.vault.Slots;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks for damage without believing caches: first what is missing or has another size, then index,
 * footers and catalogs, then every block; last it names what is affected. Changes nothing. Used by
 * one thread, once.
 */
final class Survey {

  private final Vault vault;
  private final CheckOptions options;
  private final CheckOptions.Level level;
  private final ReadingBudget budget;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final Findings findings;
  private final Wounds wounds = new Wounds();
  private final BadPlaces bad = new BadPlaces();
  private final Wanted wanted = new Wanted();
  private CheckReport.Unreferenced unreferenced = new CheckReport.Unreferenced(0, 0, 0, 0);
  private final LongAdder items = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private static final int TRIES = 4;

  /**
   * Surveys {@code vault}. What a prune takes away meanwhile is no damage: if something seems to be
   * wrong and anything was condemned since the survey began, everything is looked at again.
   */
  static Survey of(Vault vault, CheckOptions options, Reporter reporter, Cancellation cancellation)
      throws IOException {
    for (int tries = 1; ; tries++) {
      Survey survey = new Survey(vault, options, reporter, cancellation);
      LogState began = survey.run();
      if (survey.findings.count() == 0 || tries == TRIES || !isOvertaken(vault, began)) {
        survey.findings.announce();
        reporter.flush();
        return survey;
      }
    }
  }

  private static boolean isOvertaken(Vault vault, LogState began) throws IOException {
    vault.refresh();
    long now = vault.state().slot();
    AtomicBoolean condemned = new AtomicBoolean();
    if (now > began.slot()) {
      vault
          .log()
          .forEachEntry(
              began.slot() + 1,
              now,
              entry -> {
                Claims claims = entry.record().claims();
                if (!claims.killsPacks().isEmpty() || !claims.killsRuns().isEmpty()) {
                  condemned.set(true);
                }
              });
    }
    return condemned.get();
  }

  private Survey(Vault vault, CheckOptions options, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.options = options;
    this.level = options.level();
    this.budget = new ReadingBudget(vault.notes(), options, ThreadLocalRandom.current());
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.findings = new Findings(reporter);
  }

  /** Looks as deep as wanted at what the log says now. */
  private LogState run() throws IOException {
    vault.refresh();
    LogState state = vault.state();
    new LogCheck(vault, findings, wounds, items).run();
    keySlots();
    runs(state);
    List<PackStatus> present = packs(state);
    if (level != CheckOptions.Level.LOG) {
      boolean data = level == CheckOptions.Level.DATA;
      reporter.phase(
          data ? "reading packs" : "comparing packs",
          OptionalLong.of(present.size()),
          OptionalLong.of(present.stream().mapToLong(PackStatus::storedBytes).sum()));
      IndexCheck index = new IndexCheck(vault, findings, wounds, cancellation);
      index.run(state);
      PackCheck packs =
          new PackCheck(
              vault, index.sound(), findings, wounds, bad, reporter, cancellation, items, bytes);
      packs.run(budget.ordered(present), pack -> data && budget.admits(pack));
      budget.finish();
      new WoundedPacks(vault, cancellation).examine(wounds.packs(), bad);
      believe(state);
      new ClaimCheck(vault, findings, wounds, bad, cancellation).run(state, index, packs.known());
    }
    if (level != CheckOptions.Level.LOG || !bad.isEmpty()) {
      reporter.phase("following catalogs", OptionalLong.empty(), OptionalLong.empty());
      new CatalogCheck(vault, findings, bad, wanted, reporter, cancellation).run(state);
    }
    return state;
  }

  /** What is wrong, in words. */
  Findings findings() {
    return findings;
  }

  /** What is wrong, by what can be done about it. */
  Wounds wounds() {
    return wounds;
  }

  /** Where nothing can be read. */
  BadPlaces bad() {
    return bad;
  }

  /** What snapshots need and no place of use holds. */
  Wanted wanted() {
    return wanted;
  }

  /** What was recorded as damaged counts as lost, unless it was opened just now. */
  private void believe(LogState state) {
    for (PackBlocks damaged : state.damage()) {
      if (wounds.isVerified(damaged.pack())) {
        continue;
      }
      if (damaged.isWhole()) {
        bad.add(damaged.pack());
      }
      damaged.blocks().forEach(block -> bad.add(damaged.pack(), block));
    }
  }

  private boolean isInPart(PackStatus pack) {
    return Long.remainderUnsigned(pack.name().high(), options.parts()) == options.part() - 1;
  }

  /** What was found, for who asked. */
  CheckReport report(long recorded) {
    return new CheckReport(
        findings.list(),
        findings.count(),
        items.sum(),
        bytes.sum(),
        budget.read(),
        budget.left(),
        unreferenced,
        recorded);
  }

  /** A slot that nobody used for years is found damaged here, or on the day it is needed. */
  private void keySlots() throws IOException {
    for (Slots.Listed slot : new Slots(vault.store(), vault.id()).list()) {
      items.increment();
      if (slot.slot().isEmpty()) {
        findings.add(
            slot.itemKey(),
            "The key slot opens nothing any more: "
                + slot.damage()
                + ". Add its key again, then remove this slot");
      }
    }
  }

  private void runs(LogState state) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    Items.forEach(vault.store(), "index/", item -> sizes.put(item.key(), item.size()));
    for (RunStatus run : state.liveRuns()) {
      items.increment();
      Long size = sizes.remove(run.name().key());
      if (size == null) {
        wound(run, "The run is missing");
      } else if (size < run.storedBytes()) {
        wound(run, "The run has " + size + " bytes instead of " + run.storedBytes());
      } else if (size > run.storedBytes()) {
        findings.add(
            run.name().key(),
            "The run has "
                + size
                + " bytes instead of "
                + run.storedBytes()
                + ", of which the first are looked at");
      }
    }
    long runBytes = sizes.values().stream().mapToLong(Long::longValue).sum();
    unreferenced = new CheckReport.Unreferenced(0, 0, sizes.size(), runBytes);
  }

  private void wound(RunStatus run, String what) {
    wounds.run(run.name(), what);
    findings.add(run.name().key(), what + "; repair can make it again from packs");
  }

  /** Whether the log says already that a pack is damaged: it is not told again. */
  static boolean isRecorded(LogState state, PackStatus pack) {
    return state.damage().stream()
        .anyMatch(blocks -> blocks.pack().equals(pack.name()) && blocks.isWhole());
  }

  /** Compares the packs with a listing; what is there and wanted is returned. */
  private List<PackStatus> packs(LogState state) throws IOException {
    List<PackStatus> expected = new ArrayList<>();
    state.forEachPack(
        pack -> {
          if (pack.isRegistered() && !pack.isCondemned()) {
            expected.add(pack);
          }
        });
    reporter.phase("listing packs", OptionalLong.of(expected.size()), OptionalLong.empty());
    List<PackStatus> present = new ArrayList<>();
    PackListing listing = new PackListing(vault.store());
    for (PackStatus pack : expected) {
      cancellation.check();
      items.increment();
      OptionalLong size = listing.sizeOf(pack.name());
      if (size.isEmpty()) {
        if (!isRecorded(state, pack)) {
          findings.add(
              pack.name().key(), "The pack is missing; another repository may have its chunks");
        }
        wounds.missing(pack);
        bad.add(pack.name());
      } else if (size.getAsLong() != pack.storedBytes() && !isRecorded(state, pack)) {
        findings.add(
            pack.name().key(),
            "The pack has " + size.getAsLong() + " bytes instead of " + pack.storedBytes());
        if (level == CheckOptions.Level.LOG) {
          bad.add(pack.name());
        }
      }
      if (size.isPresent() && isInPart(pack)) {
        present.add(pack);
      }
    }
    listing.finish();
    unreferenced =
        new CheckReport.Unreferenced(
            listing.others(), listing.otherBytes(), unreferenced.runs(), unreferenced.runBytes());
    return present;
  }
}
