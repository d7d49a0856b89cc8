package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.StoreException;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.servertests.Wire.Fault;
import dev.varve.servertests.Wire.Request;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each role of docs/stores.md with nothing allowed but what stands there. */
class S3RolesTest {

  private static final RepositoryOptions OPTIONS =
      RepositoryOptions.builder().withoutCache().withoutState().build();

  private final TestServer server = TestServer.s3Proxy();
  private final String bucket = server.newBucket();
  private final Wire wire;
  private final KeyFile key = KeyFile.generate();
  private final MemorySource source = new MemorySource().file("a", "text").file("b", 2_000_000L, 7);

  S3RolesTest() throws IOException {
    wire = new Wire(server.endpoint());
  }

  @BeforeEach
  void makeRepository() {
    try (Repository repository = Repository.create(store(), key, OPTIONS)) {
      repository.backup(source);
    }
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
  }

  private Store store() {
    return server.store(bucket, "repository").endpoint(wire.endpoint()).build();
  }

  private void allowOnly(Predicate<Request> allowed) {
    wire.spoil(request -> allowed.test(request) ? Fault.NONE : Fault.ANSWER_403);
  }

  private static boolean isReading(Request request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  private static boolean isDeletionOfALock(Request request) {
    return (request.method().equals("DELETE") && request.path().contains("/repository/locks/"))
        || isBulkDeletionBelow("repository/locks/", request);
  }

  /** Amazon asks for the right to delete each single item. */
  private static boolean isBulkDeletionBelow(String prefix, Request request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    return request.kind().equals("DELETE-MANY")
        && !body.replace("<Key>" + prefix, "").contains("<Key>");
  }

  @Test
  void reader_restoresAndChecksButCannotBackUp() {
    allowOnly(S3RolesTest::isReading);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      Snapshot latest = repository.snapshots().latest().orElseThrow();
      CollectingTarget target = new CollectingTarget();
      repository.restore(latest, target);
      target.assertHolds(source);
      assertTrue(
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean());

      StoreException denied = assertThrows(StoreException.class, () -> repository.backup(source));
      assertTrue(String.valueOf(denied.getMessage()).contains("403 AccessDenied"));
    }
  }

  @Test
  void writer_withoutRightToDeleteMoreThanLocks_backsUp() {
    allowOnly(
        request ->
            isReading(request) || request.method().equals("PUT") || isDeletionOfALock(request));
    source.file("c", 100_000L, 8);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      repository.backup(source);
      assertEquals(2, repository.snapshots().stream().count());
    }
  }

  @Test
  void pruner_forgetsAndPrunesWithinThePrefix() {
    allowOnly(
        request ->
            request.path().startsWith("/" + bucket + "/repository/")
                || isBulkDeletionBelow("repository/", request)
                || (request.kind().equals("LIST") && request.path().contains("prefix=repository")));
    // Put again, every entry is another, so that no piece of the old catalog is of use.
    source.file("c", 100_000L, 8).file("a", "other").file("b", 2_000_000L, 7);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      Snapshot old = repository.snapshots().latest().orElseThrow();
      Snapshot kept = repository.backup(source).snapshot();
      repository.forget(List.of(old.id()));
      PruneReport report = repository.prune(PruneOptions.builder().now().build());
      assertTrue(report.deleted().items() > 0, report.toString());
      CollectingTarget target = new CollectingTarget();
      repository.restore(kept, target);
      target.assertHolds(source);
    }
  }

  @Test
  void writer_whoPrunes_isToldWhichRightIsMissing() {
    source.file("b", 2_000_000L, 9);
    try (Repository repository = Repository.open(store(), key, OPTIONS)) {
      Snapshot old = repository.snapshots().latest().orElseThrow();
      repository.backup(source);
      repository.forget(List.of(old.id()));
      allowOnly(
          request ->
              isReading(request) || request.method().equals("PUT") || isDeletionOfALock(request));
      PruneOptions now = PruneOptions.builder().now().build();
      StoreException denied = assertThrows(StoreException.class, () -> repository.prune(now));
      assertTrue(String.valueOf(denied.getMessage()).contains("permissions"), denied.toString());
    }
  }
}
