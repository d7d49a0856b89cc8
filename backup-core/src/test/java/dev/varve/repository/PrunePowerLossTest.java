package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.BackupException;
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
class PrunePowerLossTest implements PowerLossTrial {

  private static final String ROOT = "/srv/backups/repo";
  private static final PruneOptions NOW = PruneOptions.builder().now().build();

  private final Random random = Seeds.random(PrunePowerLossTest.class);
  private final MemorySource kept =
      new MemorySource().directory("d").file("d/a", "one").file("d/large", 30_000, 1);

  private Repository open(SimulatedDisk disk) throws IOException {
    return Repositories.openInline(DirectoryStore.open(disk.path(ROOT)));
  }

  /** A repository of which one snapshot is kept: parts of packs, whole packs and runs can go. */
  @Override
  public SimulatedDisk prepared() throws IOException {
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

  @Override
  public int work(SimulatedDisk disk) throws IOException {
    try (Repository repository = open(disk)) {
      repository.prune(NOW);
      return 1;
    } catch (PowerLoss | BackupException powerIsGone) {
      return 0;
    }
  }

  @Test
  void powerLossAtAnyOperationOfAPrune_keepsWhatIsKept() throws IOException {
    int states = PowerLossTrial.run(this, random, 1, 3, 30);
    System.out.println(states + " states after power loss in a prune");
  }

  @Override
  public void verify(SimulatedDisk disk, int finished) throws IOException {
    try (Repository repository = open(disk)) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertEquals(1, snapshots.size());
      Repositories.assertRestores(repository, snapshots.get(0), kept);
      repository.prune(NOW);
      Repositories.assertRestores(repository, snapshots.get(0), kept);
      Repositories.assertRestores(repository, Repositories.backup(repository, kept), kept);
      Repositories.assertClean(repository);
    }
  }
}
