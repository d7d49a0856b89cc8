package dev.varve.internal.prune;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Items;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What rests in the store that the log has done with or never heard of. Immutable.
 *
 * @param condemned condemned packs and runs that are still there, by the slot that condemned them
 * @param packs packs that no record ever named
 * @param sizes the lengths of packs that are retired by name and not registered
 * @param runs runs that no record ever named
 */
record Leftovers(
    Map<Long, List<Stored>> condemned,
    List<Stored> packs,
    Map<PackName, Long> sizes,
    List<Stored> runs) {

  /** Lists packs and runs; items that are called like neither are left alone. */
  static Leftovers of(Vault vault, LogState state, PruneRules rules, Cancellation cancellation)
      throws IOException {
    Leftovers left =
        new Leftovers(new TreeMap<>(), new ArrayList<>(), new HashMap<>(), new ArrayList<>());
    Items.forEach(
        vault.store(),
        "packs/",
        item -> {
          cancellation.check();
          left.pack(item, state, rules);
        });
    Items.forEach(vault.store(), "index/", item -> left.run(item, state, rules));
    return left;
  }

  /** The same without what a later state names. */
  Leftovers unnamedIn(LogState state, PruneRules rules) throws FormatException {
    Leftovers left = new Leftovers(condemned, new ArrayList<>(), sizes, new ArrayList<>());
    for (Stored item : packs) {
      if (rules.isUnnamed(state.pack(PackName.ofKey(item.key())))) {
        left.packs.add(item);
      }
    }
    for (Stored item : runs) {
      if (rules.isUnnamed(state.run(RunName.ofKey(item.key())))) {
        left.runs.add(item);
      }
    }
    return left;
  }

  private void pack(Stored item, LogState state, PruneRules rules) {
    try {
      PackStatus pack = state.pack(PackName.ofKey(item.key()));
      OptionalLong slot = rules.condemnedAt(pack);
      if (slot.isPresent()) {
        condemned(slot.getAsLong(), item);
      } else if (rules.isUnnamed(pack)) {
        packs.add(item);
      } else if (!pack.isRegistered()) {
        sizes.put(pack.name(), item.size());
      }
    } catch (FormatException e) {
      // Not ours: nobody deletes it.
    }
  }

  private void run(Stored item, LogState state, PruneRules rules) {
    try {
      RunStatus run = state.run(RunName.ofKey(item.key()));
      OptionalLong slot = rules.condemnedAt(run);
      if (slot.isPresent()) {
        condemned(slot.getAsLong(), item);
      } else if (rules.isUnnamed(run)) {
        runs.add(item);
      }
    } catch (FormatException e) {
      // Not ours: nobody deletes it.
    }
  }

  private void condemned(long slot, Stored item) {
    condemned.computeIfAbsent(slot, s -> new ArrayList<>()).add(item);
  }
}
