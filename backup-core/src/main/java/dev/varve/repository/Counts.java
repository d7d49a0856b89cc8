package dev.varve.repository;

import dev.varve.internal.index.Run;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.vault.Vault;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a repository holds. Stateless. */
final class Counts {

  private Counts() {}

  static RepositoryStatistics of(Vault vault) {
    LogState state = vault.state();
    LongAdder packs = new LongAdder();
    LongAdder packBytes = new LongAdder();
    state.forEachPack(
        pack -> {
          if (pack.isRegistered() && !pack.isCondemned()) {
            packs.increment();
            packBytes.add(pack.storedBytes());
          }
        });
    List<Run> runs = vault.index().runs();
    List<LiveSnapshot> snapshots = state.snapshots();
    return new RepositoryStatistics(
        snapshots.size(),
        snapshots.stream().mapToLong(snapshot -> snapshot.record().catalog().bytes()).sum(),
        packs.sum(),
        packBytes.sum(),
        runs.stream().mapToLong(Run::chunks).sum(),
        runs.size(),
        runs.stream().mapToLong(Run::storedBytes).sum(),
        state.slot() + 1);
  }
}
