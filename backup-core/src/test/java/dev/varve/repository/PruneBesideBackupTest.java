package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConflictException;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ContentFault;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A backup finds stored already what a prune gives up before the backup commits. */
class PruneBesideBackupTest {

  private static final PruneOptions NOW = PruneOptions.builder().now().build();
  private static final PruneOptions LATER = PruneOptions.builder().grace(Duration.ZERO).build();

  private final MemoryStore store = new MemoryStore();
  private final MemorySource old = source("old");
  private final MemorySource same = source("same");

  private static MemorySource source(String name) {
    return new MemorySource(new SourceIdentity("memory", name, "test"))
        .directory("d")
        .file("d/one", 200_000, 1)
        .file("d/two", 300_000, 2);
  }

  private static void assertClean(Repository repository) {
    CheckReport report =
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    assertTrue(report.clean(), () -> report.findings().toString());
  }

  private PruneReport prune(PruneOptions options) {
    try (Repository other = Repositories.open(store.handle())) {
      return other.prune(options);
    }
  }

  @Test
  void backup_whatItDrawsOnIsRetired_isCommittedAndKeptByPrune() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, old);
      Snapshot snapshot =
          repository
              .backup(
                  new HookedSource(
                      same,
                      () -> {
                        Forgetting.forget(store.handle(), dropped);
                        assertTrue(prune(PruneOptions.defaults()).retired().items() > 0);
                      }))
              .snapshot();
      PruneReport report = prune(NOW);
      assertTrue(report.resumed().items() > 0, report::toString);
      Repositories.assertRestores(repository, snapshot, same);
      assertClean(repository);
    }
  }

  @Test
  void backup_whatItDrawsOnIsRetiredRightBeforeItCommits_isResumedByPrune() throws IOException {
    Snapshot dropped;
    try (Repository repository = Repositories.create(store.handle())) {
      dropped = Repositories.backup(repository, old);
    }
    boolean[] done = {false};
    Store hooked =
        new ForwardingStore(store.handle()) {
          @Override
          public Stored create(String key, Body body) throws IOException {
            if (key.startsWith("log/") && !done[0]) {
              done[0] = true;
              Forgetting.forget(store.handle(), dropped);
              assertTrue(prune(PruneOptions.defaults()).retired().items() > 0);
            }
            return super.create(key, body);
          }
        };
    try (Repository repository = Repositories.open(hooked)) {
      Snapshot snapshot = Repositories.backup(repository, same);
      PruneReport report = prune(NOW);
      assertTrue(report.resumed().items() > 0, report::toString);
      Repositories.assertRestores(repository, snapshot, same);
      assertClean(repository);
    }
  }

  /** The prune has retired it and is about to condemn it: it sees that it is needed again. */
  @Test
  void backup_commitsBetweenRetiringAndCondemning_packsStayAndNothingIsWrong() throws Exception {
    Snapshot dropped;
    try (Repository repository = Repositories.create(store.handle())) {
      dropped = Repositories.backup(repository, old);
    }
    Forgetting.forget(store.handle(), dropped);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch retired = new CountDownLatch(1);
    try (Repository repository = Repositories.open(store.handle())) {
      HookedSource hooked =
          new HookedSource(
              same,
              () -> {
                begun.countDown();
                await(retired);
              });
      FutureTask<Snapshot> backup = new FutureTask<>(() -> repository.backup(hooked).snapshot());
      Thread thread = new Thread(backup, "backup");
      thread.start();
      await(begun);
      PruneReport report = pruneStoppingBehindRetire(retired, backup);
      thread.join();
      assertEquals(List.of(), report.unreadable());
      assertEquals(0, report.deleted().items(), report::toString);
      assertTrue(prune(NOW).resumed().items() > 0);
      Repositories.assertRestores(repository, backup.get(), same);
      assertClean(repository);
    }
  }

  private PruneReport pruneStoppingBehindRetire(CountDownLatch retired, FutureTask<Snapshot> backup)
      throws IOException {
    Store hooked =
        new ForwardingStore(store.handle()) {
          @Override
          public Stored create(String key, Body body) throws IOException {
            Stored stored = super.create(key, body);
            if (key.startsWith("log/") && retired.getCount() > 0) {
              retired.countDown();
              try {
                backup.get();
              } catch (InterruptedException | ExecutionException e) {
                throw new IOException("The backup beside it failed", e);
              }
            }
            return stored;
          }
        };
    try (Repository other = Repositories.open(hooked)) {
      return other.prune(NOW);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException("Interrupted", e);
    }
  }

  @Test
  void backup_whatItDrawsOnIsCondemned_copiesItAndCommits() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, old);
      Snapshot snapshot =
          repository
              .backup(
                  new HookedSource(
                      same,
                      () -> {
                        Forgetting.forget(store.handle(), dropped);
                        assertTrue(prune(LATER).condemned().items() > 0);
                      }))
              .snapshot();
      assertTrue(prune(NOW).deleted().items() > 0);
      Repositories.assertRestores(repository, snapshot, same);
      assertClean(repository);
    }
  }

  @Test
  void backup_whatItDrawsOnIsDeleted_readsTheSourceAgainAndCommits() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, old);
      same.fault("d/two", ContentFault.DENIED);
      int[] reads = {0};
      HookedSource hooked =
          new HookedSource(
              same,
              () -> {
                if (reads[0]++ == 0) {
                  Forgetting.forget(store.handle(), dropped);
                  assertTrue(prune(NOW).deleted().items() > 0);
                }
              });
      BackupReport report = repository.backup(hooked);
      assertEquals(2, reads[0]);
      assertEquals(1, report.problemCount(), report::toString);
      assertEquals(1, report.problems().size(), report::toString);
      assertEquals(1, report.snapshot().problems());
      assertEquals(200_000, report.statistics().addedBytes(), "nothing of it was there any more");
      assertClean(repository);
      assertEquals(List.of(report.snapshot()), repository.snapshots().list());
    }
  }

  /** Each part is there because of another snapshot, and goes while it is relied on. */
  @Test
  void backup_deletedAgainAndAgain_givesUpWithAConflict() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      MemorySource all = new MemorySource();
      List<Snapshot> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "part" + i;
        all.file(name, 100_000, i);
        MemorySource part = new MemorySource(new SourceIdentity("memory", name, "test"));
        others.add(Repositories.backup(repository, part.file(name, 100_000, i)));
      }
      HookedSource hooked =
          new HookedSource(
              all,
              () -> {
                Forgetting.forget(store.handle(), others.remove(0));
                assertTrue(prune(NOW).deleted().items() > 0);
              });
      assertThrows(ConflictException.class, () -> repository.backup(hooked));
      assertEquals(1, others.size(), "it was read three times");
      Repositories.assertRestores(repository, Repositories.backup(repository, all), all);
      assertClean(repository);
    }
  }

  @Test
  void backup_whatItDrawsOnIsDeletedAndCannotBeReadTwice_failsAndSucceedsAgain()
      throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, old);
      HookedSource hooked =
          new HookedSource(
              same,
              () -> {
                Forgetting.forget(store.handle(), dropped);
                assertTrue(prune(NOW).deleted().items() > 0);
              });
      Source once = new OnceOnly(hooked);
      ConflictException conflict =
          assertThrows(ConflictException.class, () -> repository.backup(once));
      assertTrue(String.valueOf(conflict.getMessage()).contains("packs/"), conflict::getMessage);
      assertEquals(List.of(), repository.snapshots().list());
      Repositories.assertRestores(repository, Repositories.backup(repository, same), same);
      assertClean(repository);
    }
  }

  @Test
  void backup_previousSnapshotIsForgottenAndCondemned_copiesWhatItTookOver() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot previous = Repositories.backup(repository, same);
      Snapshot snapshot =
          repository
              .backup(
                  new HookedSource(
                      same,
                      () -> {
                        Forgetting.forget(store.handle(), previous);
                        assertTrue(prune(LATER).condemned().items() > 0);
                      }))
              .snapshot();
      prune(NOW);
      Repositories.assertRestores(repository, snapshot, same);
      assertClean(repository);
    }
  }

  @Test
  void backup_previousSnapshotIsInRetiredPacks_doesNotTakeItOverUnseen() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, old);
      Snapshot first =
          repository
              .backup(
                  new HookedSource(
                      same,
                      () -> {
                        Forgetting.forget(store.handle(), dropped);
                        prune(PruneOptions.defaults());
                      }))
              .snapshot();
      Snapshot second = Repositories.backup(repository, same);
      Forgetting.forget(store.handle(), first);
      prune(NOW);
      Repositories.assertRestores(repository, second, same);
      assertClean(repository);
    }
  }

  @Test
  void backup_leavesTracesMeanwhile_hasCopiedBeforeItIsDeleted() throws IOException {
    try (Repository repository =
        Repository.create(
            store.handle(),
            Repositories.KEY,
            Repositories.options().firstPartialBytes(1).build())) {
      Snapshot dropped = Repositories.backup(repository, old);
      MemorySource more =
          source("same").file("d/z1", 500_000, 11).file("d/z2", 500_000, 12).file("e", 9_000, 13);
      MemorySource[] sources = {source("same"), more};
      HookedSource first =
          new HookedSource(
              sources[0],
              () -> {
                Forgetting.forget(store.handle(), dropped);
                assertTrue(prune(PruneOptions.defaults()).retired().items() > 0);
              });
      MemorySource last =
          new MemorySource(new SourceIdentity("memory", "last", "test"))
              .file("a", 9_000_000, 21)
              .file("b", 9_000_000, 22)
              .file("c", 9_000_000, 23);
      HookedSource second =
          new HookedSource(last, () -> assertTrue(prune(NOW).deleted().items() > 0));
      List<Snapshot> made =
          repository.backup(List.of(first, second), BackupOptions.defaults()).snapshots();
      Repositories.assertRestores(repository, made.get(0), sources[0]);
      Repositories.assertRestores(repository, made.get(1), last);
      assertClean(repository);
    }
  }
}
