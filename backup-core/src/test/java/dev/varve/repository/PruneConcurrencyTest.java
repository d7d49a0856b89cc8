package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConflictException;
import dev.varve.PruneOptions;
import dev.varve.Snapshot;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Backups, forgets and prunes that wait for nothing, all at once, each with its own connection:
 * what was not forgotten restores, all the time and at the end, and the space comes back.
 */
class PruneConcurrencyTest {

  private static final int BACKUPS = 4;

  private final Random random = Seeds.random(PruneConcurrencyTest.class);
  private final Map<Snapshot, MemorySource> kept = new ConcurrentHashMap<>();
  private final AtomicInteger conflicts = new AtomicInteger();

  @Test
  void backupsForgetsAndPrunes_atOnce_keepWhatIsKept() throws Exception {
    long end = Seeds.end();
    int rounds = 0;
    for (; rounds < 2 || System.nanoTime() < end; rounds++) {
      round();
    }
    System.out.println(rounds + " rounds, " + conflicts + " conflicts");
  }

  private void round() throws Exception {
    kept.clear();
    MemoryStore store = new MemoryStore().pageSize(5);
    Repositories.create(store.handle()).close();
    int writers = 1 + random.nextInt(3);
    int pruners = 1 + random.nextInt(2);
    CyclicBarrier start = new CyclicBarrier(writers + pruners);
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String name = "source" + i;
      Random own = new Random(random.nextLong());
      work.add(() -> write(store, name, own, start));
    }
    for (int i = 0; i < pruners; i++) {
      Random own = new Random(random.nextLong());
      work.add(() -> prune(store, own, start));
    }
    runAll(work);
    try (Repository repository = Repositories.open(store.handle())) {
      repository.prune(PruneOptions.builder().now().build());
      assertEquals(kept.size(), repository.snapshots().list().size());
      kept.forEach((snapshot, source) -> Repositories.assertRestores(repository, snapshot, source));
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings().toString());
    }
  }

  private int write(MemoryStore store, String name, Random own, CyclicBarrier start)
      throws Exception {
    List<Snapshot> mine = new ArrayList<>();
    try (Repository repository = Repositories.open(store.handle())) {
      start.await();
      while (mine.size() < BACKUPS) {
        MemorySource source = Generated.source(name, own.nextLong());
        try {
          Snapshot snapshot = Repositories.backup(repository, source);
          mine.add(snapshot);
          kept.put(snapshot, source);
        } catch (ConflictException e) {
          conflicts.incrementAndGet();
          continue;
        }
        Repositories.assertRestores(repository, mine.get(mine.size() - 1), source);
        if (own.nextBoolean() && mine.size() > 1) {
          Snapshot dropped = mine.get(own.nextInt(mine.size() - 1));
          if (kept.remove(dropped) != null) {
            Forgetting.forget(store.handle(), dropped);
          }
        }
      }
    }
    return mine.size();
  }

  private int prune(MemoryStore store, Random own, CyclicBarrier start) throws Exception {
    start.await();
    for (int i = 0; i < 2 * BACKUPS; i++) {
      PruneOptions.Builder options =
          own.nextBoolean()
              ? PruneOptions.builder().now()
              : PruneOptions.builder().grace(Duration.ZERO);
      try (Repository repository = Repositories.open(store.handle())) {
        repository.prune(options.build());
      } catch (ConflictException e) {
        conflicts.incrementAndGet();
      }
    }
    return 0;
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
