package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Conflict;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.Retire;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Appends what is not to be reused any more, or again. Used by one thread. */
final class Retiring {

  private static final int PACKS_PER_RECORD = 3000;

  private final Vault vault;
  private final PruneTally tally;

  Retiring(Vault vault, PruneTally tally) {
    this.vault = vault;
    this.tally = tally;
  }

  /** Retires packs that nobody registered; gives their names. */
  List<PackName> byName(List<Stored> orphans) throws IOException {
    List<PackName> names = new ArrayList<>();
    for (Stored orphan : orphans) {
      names.add(name(orphan));
    }
    append(vault.state(), names, List.of());
    orphans.forEach(orphan -> tally.retired(new Amount(1, orphan.size())));
    return names;
  }

  /** Retires packs whose chunks were copied. */
  void repacked(List<PackStatus> packs, long copiedBytes) throws IOException {
    List<PackStatus> active = packs.stream().filter(pack -> !pack.isRetired()).toList();
    append(vault.state(), Usage.names(active), List.of());
    tally.retired(PruneSteps.amount(active));
    tally.repacked(PruneSteps.amount(packs), copiedBytes);
  }

  /** Retires some packs and takes others into use again, as was computed at a state. */
  void run(LogState state, List<PackStatus> retired, List<PackStatus> resumed) throws IOException {
    append(state, Usage.names(retired), Usage.names(resumed));
    tally.retired(PruneSteps.amount(retired));
    tally.resumed(PruneSteps.amount(resumed));
  }

  private void append(LogState state, List<PackName> retired, List<PackName> resumed)
      throws IOException {
    int most = Math.max(retired.size(), resumed.size());
    for (int i = 0; i < most; i += PACKS_PER_RECORD / 2) {
      Retire record = new Retire(state.slot(), part(retired, i), part(resumed, i));
      vault.log().append(new RetireDraft(record));
    }
  }

  private static List<PackName> part(List<PackName> names, int from) {
    int end = Math.min(names.size(), from + PACKS_PER_RECORD / 2);
    return from >= end ? List.of() : names.subList(from, end);
  }

  private static PackName name(Stored item) {
    try {
      return PackName.ofKey(item.key());
    } catch (FormatException e) {
      throw new IllegalStateException("It was a pack's key before", e);
    }
  }

  /** What was resumed and condemned meanwhile is left out. */
  record RetireDraft(Retire record) implements Draft {

    @Override
    public LogRecord compute(LogState state) {
      return record;
    }

    @Override
    public LogRecord again(LogRecord before, List<Conflict> conflicts, LogState state)
        throws LogConflictException {
      Set<PackName> lost = new HashSet<>();
      for (Conflict conflict : conflicts) {
        if (conflict.lost().all()) {
          throw new LogConflictException(before.kind(), conflicts);
        }
        lost.addAll(conflict.lost().packs());
      }
      Retire overtaken = (Retire) before;
      return new Retire(
          overtaken.base(),
          overtaken.retired(),
          overtaken.resumed().stream().filter(pack -> !lost.contains(pack)).toList());
    }
  }
}
