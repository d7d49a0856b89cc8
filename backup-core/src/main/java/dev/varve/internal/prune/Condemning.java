package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Conflict;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.DamageRecords;
import dev.varve.internal.vault.SecondLook;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides the deletion of retired packs, as far as everything needed of them was opened elsewhere,
 * and of runs that nobody added. Used by one thread.
 */
final class Condemning {

  /** How much of a record names may take; the rest is header and lengths. */
  private static final int NAMES_BYTES = LogRecord.MAX_BYTES - (8 << 10);

  private static final int PACK_BYTES = PackName.BYTES + 5;

  private final Vault vault;
  private final Scratch scratch;
  private final PruneRules rules;
  private final Leftovers leftovers;
  private final Unreadable unreadable;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final PruneTally tally;

  Condemning(
      Vault vault,
      Scratch scratch,
      PruneRules rules,
      Leftovers leftovers,
      Unreadable unreadable,
      Reporter reporter,
      Cancellation cancellation,
      PruneTally tally) {
    this.vault = vault;
    this.scratch = scratch;
    this.rules = rules;
    this.leftovers = leftovers;
    this.unreadable = unreadable;
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.tally = tally;
  }

  /** Condemns what can be of these packs, and of these runs that are in the store unadded. */
  void run(Usage usage, LogState state, Set<PackName> wanted, List<RunName> runs)
      throws IOException {
    PackTable packs = new PackTable(state);
    BitSet candidates = new BitSet();
    for (PackName name : wanted) {
      int pack = packs.find(name);
      if (pack >= 0 && rules.mayCondemn(packs.status(pack))) {
        candidates.set(pack);
      }
    }
    Keepers keepers =
        new Keepers(
            vault, scratch, state, packs, candidates, rules, unreadable, reporter, cancellation);
    List<Keepers.Kept> found = keepers.search(usage.claimed(state, packs), usage.marked());
    if (unreadable.blocks()) {
      return;
    }
    List<RunName> unadded = runs.stream().filter(run -> rules.isUnnamed(state.run(run))).toList();
    for (Condemn record : records(state.slot(), found, unadded)) {
      LogEntry landed = vault.log().append(rules.condemning(record));
      count(landed, state);
    }
    recordDamage(keepers.suspects());
  }

  /** What was to keep a chunk and cannot be read, twice, is not to be relied on by anybody. */
  private void recordDamage(List<PackBlocks> suspects) throws IOException {
    List<PackBlocks> found = new ArrayList<>();
    try (SecondLook look = new SecondLook(vault)) {
      for (PackBlocks suspect : suspects) {
        look.damaged(suspect).ifPresent(found::add);
      }
    }
    DamageRecords.append(vault.log(), found, List.of());
    found.forEach(
        blocks -> unreadable.note(blocks.pack() + " is damaged; run repair, which names what is"));
  }

  private void count(LogEntry landed, LogState state) {
    Condemn condemned = (Condemn) landed.record();
    Amount amount = new Amount(condemned.runs().size(), 0);
    for (RetiredPack pack : condemned.packs()) {
      PackStatus status = state.pack(pack.name());
      long bytes =
          status.isRegistered()
              ? status.storedBytes()
              : leftovers.sizes().getOrDefault(pack.name(), 0L);
      amount = amount.plus(bytes);
    }
    tally.condemned(landed.slot(), amount);
  }

  /** As many records as it takes, each with the keepers of its packs. */
  static List<Condemn> records(long base, List<Keepers.Kept> found, List<RunName> runs) {
    List<Condemn> records = new ArrayList<>();
    List<RetiredPack> packs = new ArrayList<>();
    Set<PackName> keepers = new TreeSet<>();
    int most = NAMES_BYTES / 4;
    for (int i = 0; i < runs.size(); i += most / RunName.BYTES) {
      int end = Math.min(runs.size(), i + most / RunName.BYTES);
      records.add(new Condemn(base, List.of(), runs.subList(i, end), List.of()));
    }
    for (Keepers.Kept each : found) {
      Set<PackName> together = new HashSet<>(keepers);
      together.addAll(each.keepers());
      if ((packs.size() + 1) * PACK_BYTES + together.size() * PackName.BYTES > NAMES_BYTES
          && !packs.isEmpty()) {
        records.add(new Condemn(base, packs, List.of(), List.copyOf(keepers)));
        packs = new ArrayList<>();
        keepers = new TreeSet<>();
      }
      if (each.keepers().size() * PackName.BYTES + PACK_BYTES <= NAMES_BYTES) {
        packs.add(each.pack());
        keepers.addAll(each.keepers());
      }
    }
    if (!packs.isEmpty()) {
      records.add(new Condemn(base, packs, List.of(), List.copyOf(keepers)));
    }
    return records;
  }

  /** What others have begun to rely on is spared; where a keeper is lost, nothing is condemned. */
  record CondemnDraft(Condemn record) implements Draft {

    @Override
    public LogRecord compute(LogState state) {
      return record;
    }

    @Override
    public LogRecord again(LogRecord before, List<Conflict> conflicts, LogState state)
        throws LogConflictException {
      if (!conflicts.stream().allMatch(Conflict::onlyHeld)) {
        throw new LogConflictException(before.kind(), conflicts);
      }
      Set<PackName> packs = new HashSet<>();
      Set<RunName> runs = new HashSet<>();
      for (Conflict conflict : conflicts) {
        packs.addAll(conflict.held().packs());
        runs.addAll(conflict.held().runs());
      }
      return ((Condemn) before).without(packs, runs);
    }
  }
}
