package dev.varve.store.gcs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.StoreException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole repositories in a bucket, over a wire that behaves or does not. */
class GcsRepositoryTest {

  private static final RepositoryOptions OPTIONS =
      RepositoryOptions.builder().withoutCache().withoutState().build();

  private static final List<Fault> LOST =
      List.of(
          Fault.RESET_BEFORE,
          Fault.RESET_AFTER,
          Fault.CUT_REQUEST,
          Fault.FLIP_REQUEST,
          Fault.CUT_ANSWER,
          Fault.ANSWER_408,
          Fault.ANSWER_500,
          Fault.ANSWER_503,
          Fault.DONE_BUT_ANSWER_503);

  private final GcsServer server;
  private final KeyFile key = KeyFile.generate();
  private final MemorySource source = new MemorySource().file("a/small", "text").directory("b/");

  GcsRepositoryTest() throws IOException {
    server = new GcsServer();
    server.api().smallPages(5);
    for (int i = 0; i < 10; i++) {
      source.file("b/" + (char) ('a' + i), 1_000_000L, i);
    }
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Store store() {
    return Stores.of(server).build();
  }

  private void assertRestores(Repository repository, Snapshot snapshot) {
    CollectingTarget target = new CollectingTarget();
    repository.restore(snapshot, target);
    target.assertHolds(source);
  }

  private static void assertClean(Repository repository, String what) {
    assertTrue(
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean(),
        what);
  }

  @Test
  void backupAndRestore_everyTenthRequestIsLost_areWhole() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    server.spoil(
        request -> {
          synchronized (random) {
            return random.nextInt(10) == 0 ? LOST.get(random.nextInt(LOST.size())) : Fault.NONE;
          }
        });
    Snapshot snapshot;
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      snapshot = repository.backup(source).snapshot();
      assertRestores(repository, snapshot);
    }
    server.spoil(request -> Fault.NONE);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      List<Snapshot> all = repository.snapshots().stream().toList();
      assertEquals(List.of(snapshot.id()), all.stream().map(Snapshot::id).toList(), "seed " + seed);
      assertClean(repository, "seed " + seed);
      assertRestores(repository, snapshot);
    }
  }

  /** What the server did, but could not say, is taken for one's own; nothing is written twice. */
  @Test
  void backup_everyWriteIsDoneButItsAnswerLost_isWhole() {
    Set<String> lost = ConcurrentHashMap.newKeySet();
    server.spoil(
        request ->
            request.kind().equals("CREATE") && lost.add(Multipart.of(request).first())
                ? Fault.RESET_AFTER
                : Fault.NONE);
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      Snapshot snapshot = repository.backup(source).snapshot();
      assertEquals(1, repository.snapshots().stream().count());
      assertClean(repository, "each item is one's own");
      assertRestores(repository, snapshot);
    }
  }

  @Test
  void restore_bytesChangeOnTheWayOnce_areAskedForAgainAndNeverDelivered() {
    SplittableRandom random = new SplittableRandom(5);
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      Snapshot snapshot = repository.backup(source).snapshot();
      server.spoil(
          request -> {
            synchronized (random) {
              return request.kind().equals("READ") && random.nextInt(8) == 0
                  ? Fault.FLIP_ANSWER
                  : Fault.NONE;
            }
          });
      CollectingTarget target = new CollectingTarget();
      if (repository.restore(snapshot, target).problems().isEmpty()) {
        target.assertHolds(source);
      }
      server.spoil(request -> Fault.NONE);
      assertRestores(repository, snapshot);
    }
  }

  @Test
  void backup_writingIsForbidden_isAClearErrorAndCommitsNothing() {
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      server.spoil(
          request ->
              request.kind().equals("CREATE") && request.text().contains("/packs/")
                  ? Fault.ANSWER_403
                  : Fault.NONE);
      StoreException failure = assertThrows(StoreException.class, () -> repository.backup(source));
      assertTrue(String.valueOf(failure.getMessage()).contains("packs/"), failure.toString());
      server.spoil(request -> Fault.NONE);
      assertEquals(0, repository.snapshots().stream().count());
      assertRestores(repository, repository.backup(source).snapshot());
    }
  }

  @Test
  void backup_severalWritersAtOnce_allCommit() throws Exception {
    Repository.create(store(), key, OPTIONS).close();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Snapshot>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        MemorySource own =
            new MemorySource(new SourceIdentity("memory", "writer-" + i, "here"))
                .file("one", 100_000L, i);
        writers.add(
            () -> {
              try (Repository repository = Repository.open(store(), key, OPTIONS)) {
                repository.backup(own);
                return repository.backup(own).snapshot();
              }
            });
      }
      for (Future<Snapshot> done : threads.invokeAll(writers)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      assertEquals(8, repository.snapshots().stream().count());
      assertClean(repository, "after 8 commits");
    }
  }

  @Test
  void prune_forgotten_isDeletedAndTheRestRestores() {
    PruneOptions atOnce =
        PruneOptions.builder().grace(Duration.ZERO).readerDelay(Duration.ZERO).build();
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      MemorySource other =
          new MemorySource(new SourceIdentity("memory", "other", "here"))
              .file("gone", 5_000_000L, 77);
      Snapshot gone = repository.backup(other).snapshot();
      Snapshot kept = repository.backup(source).snapshot();
      repository.forget(List.of(gone.id()));
      long deleted = 0;
      for (int i = 0; i < 4; i++) {
        deleted += repository.prune(atOnce).deleted().bytes();
      }
      assertTrue(deleted > 4_000_000, deleted + " bytes");
      assertClean(repository, "after pruning");
      assertRestores(repository, kept);
    }
  }

  @Test
  void prune_whatTheStoreStillKeeps_isLeftToALaterOne() {
    PruneOptions atOnce =
        PruneOptions.builder().grace(Duration.ZERO).readerDelay(Duration.ZERO).build();
    Store keeping = Stores.of(server).retention("locked", 30).build();
    try (Repository repository = Repository.create(keeping, key, OPTIONS)) {
      Snapshot gone = repository.backup(source).snapshot();
      source.file("b/a", 1_000_000L, 99);
      Snapshot kept = repository.backup(source).snapshot();
      repository.forget(List.of(gone.id()));
      for (int i = 0; i < 4; i++) {
        repository.prune(atOnce);
      }
      assertClean(repository, "after pruning");
      assertRestores(repository, kept);
    }
  }

  /** The figures of docs/stores.md: what one pays for. */
  @Test
  void requests_ofATypicalNight_areFew() throws IOException {
    server.api().wholePages();
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      repository.backup(source);
    }
    server.forgetCounts();
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      assertAtMost(8, "opening");
      repository.backup(source);
      assertAtMost(10, "a backup of what has not changed, asking for conditions included");
      source.file("b/a", 1_000_000L, 99);
      repository.backup(source);
      assertAtMost(12, "a backup of a change that fits into a pack");
      assertTrue(server.bytes() < 1_500_000, server.bytes() + " bytes for a change of 1 MB");
    }
  }

  private void assertAtMost(int requests, String what) {
    Map<String, Long> counts = server.counts();
    long sum = counts.values().stream().mapToLong(count -> count).sum();
    assertTrue(sum <= requests, what + " took " + counts);
    server.forgetCounts();
  }

  /** A batch needs no right of its own: each of its parts does. */
  private void allowOnly(Predicate<Request> allowed) {
    server.answer(
        request ->
            request.kind().equals("BATCH") || allowed.test(request)
                ? Optional.empty()
                : Optional.of(Answer.error(403, "forbidden", "The role has no such permission")));
  }

  private static boolean isWriting(Request request) {
    return isReading(request)
        || request.kind().equals("CREATE")
        || isDeletionBelow("pre%2Ffix%2Flocks%2F", request);
  }

  private static boolean isDeletionBelow(String prefix, Request request) {
    return request.kind().equals("DELETE")
        && request.path().startsWith("/storage/v1/b/bucket/o/" + prefix);
  }

  private static boolean isReading(Request request) {
    return request.method().equals("GET");
  }

  /** The roles of docs/stores.md, with nothing allowed but what stands there. */
  @Test
  void reader_restoresAndChecksButCannotBackUp() {
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      repository.backup(source);
    }
    allowOnly(GcsRepositoryTest::isReading);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      assertRestores(repository, repository.snapshots().latest().orElseThrow());
      assertClean(repository, "as a reader");
      StoreException denied = assertThrows(StoreException.class, () -> repository.backup(source));
      assertTrue(String.valueOf(denied.getMessage()).contains("403 forbidden"));
    }
  }

  @Test
  void writer_withoutRightToDeleteMoreThanLocks_backsUp() {
    Repository.create(store(), key, OPTIONS).close();
    allowOnly(GcsRepositoryTest::isWriting);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      repository.backup(source);
      source.file("c", 100_000L, 8);
      assertRestores(repository, repository.backup(source).snapshot());
    }
  }

  /** Of its contents and entries nothing is like what the other source has, wherever it is cut. */
  private static MemorySource foreign() {
    return new MemorySource(new SourceIdentity("memory", "other", "here")).file("x", 900_000L, 70);
  }

  /** Makes a repository, and forgets one of two snapshots that have nothing in common. */
  private Snapshot forgotten(Store store) {
    try (Repository repository = Repository.create(store, key, OPTIONS)) {
      Snapshot gone = repository.backup(foreign()).snapshot();
      Snapshot kept = repository.backup(source).snapshot();
      repository.forget(List.of(gone.id()));
      return kept;
    }
  }

  @Test
  void pruner_forgetsAndPrunesWithinThePrefix() {
    Repository.create(store(), key, OPTIONS).close();
    allowOnly(request -> isWriting(request) || isDeletionBelow("pre%2Ffix%2F", request));
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      Snapshot gone = repository.backup(foreign()).snapshot();
      Snapshot kept = repository.backup(source).snapshot();
      repository.forget(List.of(gone.id()));
      server.forgetCounts();
      PruneReport report = repository.prune(PruneOptions.builder().now().build());
      assertTrue(report.deleted().items() > 1, report.toString());
      assertEquals(1, server.counts().get("BATCH"), server.counts().toString());
      assertRestores(repository, kept);
      assertClean(repository, "as a pruner");
    }
  }

  @Test
  void writer_whoPrunes_isToldWhichRightIsMissing() {
    Snapshot kept = forgotten(store());
    allowOnly(GcsRepositoryTest::isWriting);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      PruneOptions now = PruneOptions.builder().now().build();
      StoreException denied = assertThrows(StoreException.class, () -> repository.prune(now));
      assertTrue(String.valueOf(denied.getMessage()).contains("permissions"), denied.toString());
      assertRestores(repository, kept);
    }
  }

  /** Holds are lifted by updates; without that right nothing that is held goes. */
  @Test
  void pruner_withHolds_needsTheRightToUpdate() {
    Snapshot kept = forgotten(Stores.of(server).hold("temporary").build());
    Predicate<Request> pruner =
        request -> isWriting(request) || isDeletionBelow("pre%2Ffix%2F", request);
    PruneOptions now = PruneOptions.builder().now().build();
    try (Repository repository =
        Repository.open(Stores.of(server).hold("temporary").build(), key, OPTIONS)) {
      allowOnly(pruner);
      assertThrows(StoreException.class, () -> repository.prune(now));
      allowOnly(request -> pruner.test(request) || request.isUpdate());
      assertTrue(repository.prune(now).deleted().items() > 0);
      assertRestores(repository, kept);
    }
  }

  /** Prune extends by updates; a repository of a moment ago needs none yet. */
  @Test
  void pruner_withRetention_needsTheRightToUpdate() throws IOException {
    try (Store keeping = Stores.of(server).retention("unlocked", 30).build()) {
      keeping.create("packs/aa/x", Body.of(new byte[1]));
    }
    Predicate<Request> pruner =
        request -> isWriting(request) || isDeletionBelow("pre%2Ffix%2F", request);
    try (Store longer = Stores.of(server).retention("unlocked", 60).build()) {
      allowOnly(pruner);
      assertThrows(AccessDeniedException.class, () -> longer.protect("packs/aa/x"));
      allowOnly(request -> pruner.test(request) || request.isUpdate());
      longer.protect("packs/aa/x");
    }
  }
}
