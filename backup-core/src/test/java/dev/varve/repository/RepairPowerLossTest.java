package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
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
class RepairPowerLossTest {

  private static final String ROOT = "/srv/backups/repo";
  private static final int SURVIVORS = 2;

  private final Random random = Seeds.random(RepairPowerLossTest.class);
  private final List<MemorySource> sources =
      List.of(
          new MemorySource().directory("d").file("d/a", "one").file("d/large", 30_000, 1),
          new MemorySource().directory("d").file("d/b", "two").file("d/large", 30_000, 1));

  private SimulatedDisk wounded() throws IOException {
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

  private static boolean repair(SimulatedDisk disk) throws IOException {
    RepositoryOptions options = Repositories.options().inline().despiteDamage().build();
    try (Repository repository = Repository.open(store(disk), Repositories.KEY, options)) {
      while (true) {
        var plan = repository.planRepair(RepairOptions.defaults());
        if (!plan.hasWork()) {
          return true;
        }
        repository.repair(plan);
      }
    } catch (PowerLoss | BackupException powerIsGone) {
      return false;
    }
  }

  @Test
  void powerLossAtAnyOperationOfARepair_isEndedByTheNext() throws IOException {
    int[] operations = {0};
    SimulatedDisk whole = wounded();
    whole.watch((operation, path) -> operations[0]++);
    assertTrue(repair(whole));
    int states = 0;
    long end = Seeds.end();
    while (states < 10 || System.nanoTime() < end) {
      SimulatedDisk disk = wounded();
      int last = 1 + random.nextInt(operations[0]);
      int[] done = {0};
      disk.watch(
          (operation, path) -> {
            if (++done[0] == last) {
              disk.losePower();
            }
          });
      repair(disk);
      for (int i = 0; i < SURVIVORS; i++) {
        verify(disk.afterPowerLoss(random), "operation " + last);
        states++;
      }
    }
    System.out.println(states + " states after power loss in a repair");
  }

  private void verify(SimulatedDisk disk, String when) throws IOException {
    assertTrue(repair(disk), when);
    try (Repository repository = Repositories.openInline(store(disk))) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertEquals(sources.size(), snapshots.size(), when);
      for (int i = 0; i < sources.size(); i++) {
        Repositories.assertRestores(repository, snapshots.get(i), sources.get(i));
      }
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings() + ", " + when);
    } catch (BackupException | AssertionError e) {
      throw new AssertionError("After a loss of power at " + when + ": " + e, e);
    }
  }
}
