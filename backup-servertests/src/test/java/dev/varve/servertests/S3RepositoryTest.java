package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CorruptRepositoryException;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.StoreException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.servertests.Wire.Fault;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole repositories in a bucket, over a wire that behaves or does not. */
class S3RepositoryTest {

  private static final RepositoryOptions OPTIONS =
      RepositoryOptions.builder().withoutCache().withoutState().build();

  private final TestServer server = TestServer.s3Proxy();
  private final String bucket = server.newBucket();
  private final Wire wire;
  private final KeyFile key = KeyFile.generate();
  private final MemorySource source = new MemorySource().file("a/small", "text").directory("b/");

  S3RepositoryTest() throws IOException {
    wire = new Wire(server.endpoint());
    for (int i = 0; i < 10; i++) {
      source.file("b/" + (char) ('a' + i), 1_000_000L, i);
    }
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
  }

  private Store store() {
    return server.store(bucket, "repository").endpoint(wire.endpoint()).build();
  }

  private void assertRestores(Repository repository, Snapshot snapshot) {
    CollectingTarget target = new CollectingTarget();
    repository.restore(snapshot, target);
    target.assertHolds(source);
  }

  @Test
  void backupAndRestore_overAWireThatLosesEveryTenthRequest_areWhole() throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Fault> faults = Fault.PASSING.stream().sorted().toList();
    wire.spoil(
        request -> {
          synchronized (random) {
            return random.nextInt(10) == 0 ? faults.get(random.nextInt(faults.size())) : Fault.NONE;
          }
        });
    Snapshot snapshot;
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      snapshot = repository.backup(source).snapshot();
      assertRestores(repository, snapshot);
    }
    wire.spoil(request -> Fault.NONE);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      List<Snapshot> all = repository.snapshots().stream().toList();
      assertEquals(List.of(snapshot.id()), all.stream().map(Snapshot::id).toList(), "seed " + seed);
      assertTrue(
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean(),
          "seed " + seed);
      assertRestores(repository, snapshot);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ANSWER_403", "OTHER_REGION", "EXPIRED", "CLOCK_SKEW"})
  void backup_serverRefusesFromNowOn_isAClearErrorAndCommitsNothing(Fault fault) {
    Map<Fault, String> words =
        Map.of(
            Fault.ANSWER_403, "permissions",
            Fault.OTHER_REGION, "'region'",
            Fault.EXPIRED, "renew the credentials",
            Fault.CLOCK_SKEW, "set this machine's clock");
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      wire.spoil(
          request ->
              request.method().equals("PUT") && request.path().contains("/packs/")
                  ? fault
                  : Fault.NONE);
      StoreException failure = assertThrows(StoreException.class, () -> repository.backup(source));
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains("packs/"), message);
      assertTrue(message.contains(words.getOrDefault(fault, "")), message);
      wire.spoil(request -> Fault.NONE);
      assertEquals(0, repository.snapshots().stream().count());
      assertRestores(repository, repository.backup(source).snapshot());
    }
  }

  @Test
  void restore_everyPackIsSpoiltOnceOnItsWay_isWhole() throws IOException {
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      Snapshot snapshot = repository.backup(source).snapshot();
      Set<String> met = ConcurrentHashMap.newKeySet();
      wire.spoil(
          request ->
              request.method().equals("GET")
                      && request.path().contains("/packs/")
                      && met.add(request.path())
                  ? Fault.FLIP_ANSWER
                  : Fault.NONE);
      assertRestores(repository, snapshot);
      assertFalse(met.isEmpty());
    }
  }

  @Test
  void restore_everyAnswerIsSpoilt_deliversNothingWrong() throws IOException {
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      Snapshot snapshot = repository.backup(source).snapshot();
      wire.spoil(
          request ->
              request.method().equals("GET") && request.path().contains("/packs/")
                  ? Fault.FLIP_ANSWER
                  : Fault.NONE);
      assertThrows(
          CorruptRepositoryException.class,
          () -> repository.restore(snapshot, new CollectingTarget()));
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
      assertTrue(
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean());
    }
  }

  /** The figures of docs/stores.md: what one pays for. */
  @Test
  void requests_ofATypicalNight_areFew() throws IOException {
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      repository.backup(source);
    }
    wire.forgetCounts();
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      assertAtMost(8, "opening");
      repository.backup(source);
      assertAtMost(10, "a backup of what has not changed, asking for conditions included");
      source.file("b/a", 1_000_000L, 99);
      repository.backup(source);
      assertAtMost(12, "a backup of a change that fits into a pack");
      assertTrue(wire.bytes() < 1_500_000, wire.bytes() + " bytes for a change of 1 MB");
    }
  }

  private void assertAtMost(int requests, String what) {
    Map<String, Long> counts = wire.counts();
    long sum = counts.values().stream().mapToLong(count -> count).sum();
    assertTrue(sum <= requests, what + " took " + counts);
    wire.forgetCounts();
  }
}
