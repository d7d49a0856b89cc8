package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.disk.PowerLoss;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power goes at any operation of a directory store while repositories are made and backed up
 * to, and of all that was not forced any part survives: every backup that had returned restores,
 * nothing is found damaged, and the next backup works.
 */
class RepositoryPowerLossTest {

  private static final String ROOT = "/srv/backups/repo";
  private static final int SURVIVORS = 4;
  private static final int DEEP_STATES = 10_000;

  private final Random random = Seeds.random(RepositoryPowerLossTest.class);
  private final List<MemorySource> sources = List.of(source("one"), source("two"), source("three"));

  private static MemorySource source(String text) {
    return new MemorySource()
        .directory("d")
        .file("d/" + text, text)
        .file("d/same", 9_000, 1)
        .file("d/" + text + "-large", 7_000, text.hashCode());
  }

  @Test
  void powerLossAtAnyOperation_finishedBackupsRestoreAndTheNextWorks() throws IOException {
    int[] operations = {0};
    SimulatedDisk whole = new SimulatedDisk();
    whole.watch((operation, path) -> operations[0]++);
    assertEquals(sources.size(), work(whole));
    int states = 0;
    int[] byFinished = new int[sources.size() + 1];
    long end = Seeds.end();
    while (states < 40 || (Seeds.DEEP ? states < DEEP_STATES : System.nanoTime() < end)) {
      SimulatedDisk disk = new SimulatedDisk();
      int last = 1 + random.nextInt(operations[0]);
      int[] done = {0};
      disk.watch(
          (operation, path) -> {
            if (++done[0] == last) {
              disk.losePower();
            }
          });
      int finished = work(disk);
      for (int i = 0; i < SURVIVORS; i++) {
        verify(disk.afterPowerLoss(random), finished, "operation " + last);
        states++;
        byFinished[finished]++;
      }
    }
    System.out.println(
        states + " states after power loss; by finished backups: " + List.of(boxed(byFinished)));
  }

  /** Makes a repository and backs up; how many backups had returned when the power went. */
  private int work(SimulatedDisk disk) throws IOException {
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

  private void verify(SimulatedDisk disk, int finished, String when) throws IOException {
    try (Repository repository =
        Repository.openOrCreate(
            DirectoryStore.open(disk.path(ROOT)),
            Repositories.KEY,
            Repositories.options().inline().build())) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertTrue(snapshots.size() >= finished, snapshots + " after " + finished + ", " + when);
      assertTrue(snapshots.size() <= finished + 1, when);
      List<MemorySource> expected = new ArrayList<>(sources);
      for (int i = 0; i < snapshots.size(); i++) {
        Repositories.assertRestores(repository, snapshots.get(i), expected.get(i));
      }
      MemorySource next = source("after");
      Repositories.assertRestores(repository, Repositories.backup(repository, next), next);
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings() + ", " + when);
    } catch (BackupException | AssertionError e) {
      throw new AssertionError("After a loss of power at " + when + ": " + e, e);
    }
  }

  private static Integer[] boxed(int[] numbers) {
    Integer[] boxed = new Integer[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      boxed[i] = numbers[i];
    }
    return boxed;
  }
}
