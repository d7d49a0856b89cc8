package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.BackupException;
import dev.varve.RepairOptions;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.disk.PowerLoss;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Config, index and a slot of the log are lost in a directory store, and the power goes at any
 * operation of the repair; of all that was not forced any part survives: the next repair ends it,
 * and everything restores.
 */
class RepairPowerLossTest implements PowerLossTrial {

  private static final String ROOT = "/srv/backups/repo";

  private final Random random = Seeds.random(RepairPowerLossTest.class);
  private final List<MemorySource> sources =
      List.of(
          new MemorySource().directory("d").file("d/a", "one").file("d/large", 30_000, 1),
          new MemorySource().directory("d").file("d/b", "two").file("d/large", 30_000, 1));

  @Override
  public SimulatedDisk prepared() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Repository.create(store(disk), Repositories.KEY, Repositories.options().inline().build())
        .close();
    try (Repository repository = Repositories.openInline(store(disk))) {
      sources.forEach(source -> Repositories.backup(repository, source));
    }
    try (Store store = store(disk)) {
      List<String> lost = new ArrayList<>(List.of("config", "log/0000000000000001"));
      Page runs = store.list("index/", "");
      runs.items().stream().map(Stored::key).forEach(lost::add);
      for (String key : lost) {
        store.delete(key);
      }
    }
    return disk;
  }

  private static Store store(SimulatedDisk disk) throws IOException {
    return DirectoryStore.open(disk.path(ROOT));
  }

  @Override
  public int work(SimulatedDisk disk) throws IOException {
    RepositoryOptions options = Repositories.options().inline().despiteDamage().build();
    try (Repository repository = Repository.open(store(disk), Repositories.KEY, options)) {
      while (true) {
        var plan = repository.planRepair(RepairOptions.defaults());
        if (!plan.hasWork()) {
          return 1;
        }
        repository.repair(plan);
      }
    } catch (PowerLoss | BackupException powerIsGone) {
      return 0;
    }
  }

  @Test
  void powerLossAtAnyOperationOfARepair_isEndedByTheNext() throws IOException {
    int states = PowerLossTrial.run(this, random, 1, 2, 10);
    System.out.println(states + " states after power loss in a repair");
  }

  @Override
  public void verify(SimulatedDisk disk, int finished) throws IOException {
    assertEquals(1, work(disk));
    try (Repository repository = Repositories.openInline(store(disk))) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertEquals(sources.size(), snapshots.size());
      for (int i = 0; i < sources.size(); i++) {
        Repositories.assertRestores(repository, snapshots.get(i), sources.get(i));
      }
      Repositories.assertClean(repository);
    }
  }
}
