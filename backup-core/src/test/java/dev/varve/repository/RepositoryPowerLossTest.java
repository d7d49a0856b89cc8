package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.disk.PowerLoss;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power goes at any operation of a directory store while repositories are made and backed up
 * to, and of all that was not forced any part survives: every backup that had returned restores,
 * nothing is found damaged, and the next backup works.
 */
class RepositoryPowerLossTest implements PowerLossTrial {

  private static final String ROOT = "/srv/backups/repo";

  private final Random random = Seeds.random(RepositoryPowerLossTest.class);
  private final List<MemorySource> sources = List.of(source("one"), source("two"), source("three"));
  private final int[] byFinished = new int[sources.size() + 1];

  @Override
  public SimulatedDisk prepared() {
    return new SimulatedDisk();
  }

  private static MemorySource source(String text) {
    return new MemorySource()
        .directory("d")
        .file("d/" + text, text)
        .file("d/same", 9_000, 1)
        .file("d/" + text + "-large", 7_000, text.hashCode());
  }

  @Test
  void powerLossAtAnyOperation_finishedBackupsRestoreAndTheNextWorks() throws IOException {
    int states = PowerLossTrial.run(this, random, sources.size(), 4, 40);
    System.out.println(
        states + " states after power loss; by finished backups: " + Arrays.toString(byFinished));
  }

  /** Makes a repository and backs up; how many backups had returned when the power went. */
  @Override
  public int work(SimulatedDisk disk) throws IOException {
    int finished = 0;
    try {
      Repository.create(
              DirectoryStore.open(disk.path(ROOT)),
              Repositories.KEY,
              Repositories.options().inline().build())
          .close();
      for (MemorySource source : sources) {
        try (Repository repository =
            Repositories.openInline(DirectoryStore.open(disk.path(ROOT)))) {
          Repositories.backup(repository, source);
          finished++;
        }
      }
    } catch (PowerLoss | BackupException powerIsGone) {
      return finished;
    }
    return finished;
  }

  @Override
  public void verify(SimulatedDisk disk, int finished) throws IOException {
    byFinished[finished]++;
    try (Repository repository =
        Repository.openOrCreate(
            DirectoryStore.open(disk.path(ROOT)),
            Repositories.KEY,
            Repositories.options().inline().build())) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertTrue(snapshots.size() >= finished, snapshots + " after " + finished);
      assertTrue(snapshots.size() <= finished + 1, snapshots + " after " + finished);
      for (int i = 0; i < snapshots.size(); i++) {
        Repositories.assertRestores(repository, snapshots.get(i), sources.get(i));
      }
      MemorySource next = source("after");
      Repositories.assertRestores(repository, Repositories.backup(repository, next), next);
      Repositories.assertClean(repository);
    }
  }
}
