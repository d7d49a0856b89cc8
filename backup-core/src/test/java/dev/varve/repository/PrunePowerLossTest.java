package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.PruneOptions;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.disk.PowerLoss;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power goes at any operation of a directory store while it is pruned, and of all that was not
 * forced any part survives: what is kept restores, and the next prune and backup work.
 */
class PrunePowerLossTest {

  private static final String ROOT = "/srv/backups/repo";
  private static final int SURVIVORS = 3;
  private static final PruneOptions NOW = PruneOptions.builder().now().build();

  private final Random random = Seeds.random(PrunePowerLossTest.class);
  private final MemorySource kept =
      new MemorySource().directory("d").file("d/a", "one").file("d/large", 30_000, 1);

  private Repository open(SimulatedDisk disk) throws IOException {
    return Repositories.openInline(DirectoryStore.open(disk.path(ROOT)));
  }

  /** A repository of which one snapshot is kept: parts of packs, whole packs and runs can go. */
  private SimulatedDisk prepared() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Repository.create(
            DirectoryStore.open(disk.path(ROOT)),
            Repositories.KEY,
            Repositories.options().inline().build())
        .close();
    Snapshot both;
    Snapshot gone;
    try (Repository repository = open(disk)) {
      both =
          Repositories.backup(
              repository,
              new MemorySource()
                  .directory("d")
                  .file("d/large", 30_000, 1)
                  .file("other", 90_000, 2));
      Repositories.backup(repository, kept);
      gone = Repositories.backup(repository, new MemorySource().file("third", 60_000, 3));
    }
    Forgetting.forget(DirectoryStore.open(disk.path(ROOT)), both, gone);
    return disk;
  }

  private boolean prune(SimulatedDisk disk) throws IOException {
    try (Repository repository = open(disk)) {
      repository.prune(NOW);
      return true;
    } catch (PowerLoss | BackupException powerIsGone) {
      return false;
    }
  }

  @Test
  void powerLossAtAnyOperationOfAPrune_keepsWhatIsKept() throws IOException {
    int[] operations = {0};
    SimulatedDisk whole = prepared();
    whole.watch((operation, path) -> operations[0]++);
    assertTrue(prune(whole));
    int states = 0;
    long end = Seeds.end();
    while (states < 30 || System.nanoTime() < end) {
      SimulatedDisk disk = prepared();
      int last = 1 + random.nextInt(operations[0]);
      int[] done = {0};
      disk.watch(
          (operation, path) -> {
            if (++done[0] == last) {
              disk.losePower();
            }
          });
      prune(disk);
      for (int i = 0; i < SURVIVORS; i++) {
        verify(disk.afterPowerLoss(random), "operation " + last);
        states++;
      }
    }
    System.out.println(states + " states after power loss in a prune");
  }

  private void verify(SimulatedDisk disk, String when) throws IOException {
    try (Repository repository = open(disk)) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertEquals(1, snapshots.size(), when);
      Repositories.assertRestores(repository, snapshots.get(0), kept);
      repository.prune(NOW);
      Repositories.assertRestores(repository, snapshots.get(0), kept);
      Repositories.assertRestores(repository, Repositories.backup(repository, kept), kept);
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings() + ", " + when);
    } catch (BackupException | AssertionError e) {
      throw new AssertionError("After a loss of power at " + when + ": " + e, e);
    }
  }
}
