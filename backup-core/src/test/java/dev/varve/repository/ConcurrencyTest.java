package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.testkit.LeakCheck;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many back up into one place at once; everything that was committed restores, for everybody. */
class ConcurrencyTest {

  private static final int BACKUPS = 3;

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private final Random random = Seeds.random(ConcurrencyTest.class);

  @Test
  void severalRepositories_overOneStore_everySnapshotRestoresForEverybody() throws Exception {
    long end = Seeds.end();
    for (int round = 0; round < 3 || System.nanoTime() < end; round++) {
      MemoryStore store = new MemoryStore().pageSize(5);
      Repositories.create(store.handle()).close();
      int writers = 2 + random.nextInt(3);
      List<Repository> repositories = new ArrayList<>();
      try {
        for (int i = 0; i < writers; i++) {
          repositories.add(Repositories.open(store.handle()));
        }
        backUpAtOnceThenCompare(repositories, writers * BACKUPS);
      } finally {
        repositories.forEach(Repository::close);
      }
      assertEquals(0, store.openHandles());
    }
  }

  @Test
  void oneRepository_sharedByThreads_everySnapshotRestores() throws Exception {
    long end = Seeds.end();
    for (int round = 0; round < 3 || System.nanoTime() < end; round++) {
      MemoryStore store = new MemoryStore().pageSize(5);
      try (Repository repository = Repositories.create(store.handle())) {
        int threads = 2 + random.nextInt(3);
        backUpAtOnceThenCompare(Collections.nCopies(threads, repository), 3 * threads);
      }
      assertEquals(0, store.openHandles());
    }
  }

  private void backUpAtOnceThenCompare(List<Repository> repositories, int expected)
      throws Exception {
    Map<Snapshot, MemorySource> made = new ConcurrentHashMap<>();
    CyclicBarrier start = new CyclicBarrier(repositories.size());
    boolean sameSource = random.nextBoolean();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < repositories.size(); i++) {
      Repository repository = repositories.get(i);
      String name = sameSource ? "same" : "source" + i;
      Random own = new Random(random.nextLong());
      work.add(
          () -> {
            start.await();
            for (int n = 0; n < BACKUPS; n++) {
              MemorySource source = Generated.source(name, own.nextLong());
              Snapshot snapshot =
                  repository.backup(source, BackupOptions.builder().waiting().build()).snapshot();
              made.put(snapshot, source);
              Repositories.assertRestores(repository, snapshot, source);
            }
            return BACKUPS;
          });
    }
    runAll(work);
    assertEquals(expected, made.size());
    // None of them is asked to look at the log again first.
    for (Repository repository : repositories) {
      made.forEach((snapshot, source) -> Repositories.assertRestores(repository, snapshot, source));
    }
    for (Repository repository : repositories) {
      assertEquals(expected, repository.snapshots().list().size());
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings().toString());
    }
  }

  private static void runAll(List<Callable<Integer>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Integer> each : threads.invokeAll(work)) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
  }
}
