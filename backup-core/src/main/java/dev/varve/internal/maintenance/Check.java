package dev.varve.internal.maintenance;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.internal.log.LogState;
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
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks for damage without believing caches: first what is missing or has another size, then index,
 * footers and catalogs, then every block; last it names what is affected. Used by one thread.
 */
public final class Check {

  private final Vault vault;
  private final CheckOptions options;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final Findings findings;
  private final BadPlaces bad = new BadPlaces();
  private final LongAdder items = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /** A check of {@code vault}. */
  public Check(Vault vault, CheckOptions options, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.options = options;
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.findings = new Findings(reporter);
  }

  /** Looks as deep as the options say. */
  public CheckReport run() throws IOException {
    vault.refresh();
    LogState state = vault.state();
    new LogCheck(vault, findings, items).run();
    keySlots();
    runs(state);
    List<PackStatus> sound = packs(state);
    if (options.level() != CheckOptions.Level.LOG) {
      boolean data = options.level() == CheckOptions.Level.DATA;
      reporter.phase(
          data ? "reading packs" : "comparing packs",
          OptionalLong.of(sound.size()),
          OptionalLong.of(sound.stream().mapToLong(PackStatus::storedBytes).sum()));
      IndexCheck index = new IndexCheck(vault, findings, cancellation);
      index.run(state);
      PackCheck packs = new PackCheck(vault, findings, bad, reporter, cancellation, items, bytes);
      packs.run(sound, data);
      new ClaimCheck(vault, findings, bad, cancellation).run(state, index, packs.known());
    }
    if (options.level() != CheckOptions.Level.LOG || !bad.isEmpty()) {
      reporter.phase("following catalogs", OptionalLong.empty(), OptionalLong.empty());
      new CatalogCheck(vault, findings, bad, reporter, cancellation).run(state);
    }
    reporter.flush();
    return findings.report(items.sum(), bytes.sum());
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
      Long size = sizes.get(run.name().key());
      if (size == null) {
        findings.add(run.name().key(), "The run is missing; repair can make it again from packs");
      } else if (size != run.storedBytes()) {
        findings.add(
            run.name().key(),
            "The run has "
                + size
                + " bytes instead of "
                + run.storedBytes()
                + "; repair can make it again from packs");
      }
    }
  }

  /**
   * Compares the packs with a listing; what is there with its size and in this part is returned.
   */
  private List<PackStatus> packs(LogState state) throws IOException {
    List<PackStatus> expected = new ArrayList<>();
    state.forEachPack(
        pack -> {
          if (pack.isRegistered() && !pack.isCondemned()) {
            expected.add(pack);
          }
        });
    reporter.phase("listing packs", OptionalLong.of(expected.size()), OptionalLong.empty());
    List<PackStatus> sound = new ArrayList<>();
    PackListing listing = new PackListing(vault.store());
    for (PackStatus pack : expected) {
      cancellation.check();
      items.increment();
      OptionalLong size = listing.sizeOf(pack.name());
      if (size.isEmpty()) {
        findings.add(
            pack.name().key(), "The pack is missing; another repository may have its chunks");
        bad.add(pack.name());
      } else if (size.getAsLong() != pack.storedBytes()) {
        findings.add(
            pack.name().key(),
            "The pack has " + size.getAsLong() + " bytes instead of " + pack.storedBytes());
        if (options.level() != CheckOptions.Level.DATA) {
          bad.add(pack.name());
        }
      }
      if (size.isPresent() && inPart(pack)) {
        sound.add(pack);
      }
    }
    return sound;
  }

  private boolean inPart(PackStatus pack) {
    return Long.remainderUnsigned(pack.name().high(), options.parts()) == options.part() - 1;
  }
}
