package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.BackupException;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.searchtests.Wire.Fault;
import dev.varve.searchtests.Wire.Request;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.target.Target;
import dev.varve.testkit.MemoryStore;
import dev.varve.testservers.ServerJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node whose process is killed in the middle. */
class NodeGoneTest {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String INDEX = "victim";

  private final Repository repository =
      Repository.create(
          new MemoryStore(),
          KeyFile.generate(),
          RepositoryOptions.builder().withoutCache().withoutState().build());

  @AfterEach
  void close() {
    repository.close();
  }

  private static void fill(Http http) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      lines.add("{\"index\":{\"_index\":\"" + INDEX + "\",\"_id\":\"" + i + "\"}}");
      lines.add("{\"text\":\"" + "x".repeat(200) + "\"}");
    }
    http.bulk(lines);
  }

  /** Kills the server before the third request of a kind. */
  private static void killAtThird(Wire wire, ServerJvm server, Predicate<Request> kind) {
    AtomicInteger count = new AtomicInteger();
    wire.spoil(
        request -> {
          if (kind.test(request) && count.incrementAndGet() == 3) {
            server.close();
          }
          return Fault.NONE;
        });
  }

  @Test
  void backupAndRestore_nodeKilled_failAndSaySo() throws Exception {
    Snapshot snapshot;
    try (ServerJvm server = Node.OPENSEARCH_2.start();
        Wire wire = new Wire(server.url())) {
      fill(new Http(server.url()));
      snapshot = repository.backup(Searches.source(server.url(), INDEX).build()).snapshot();
      new Http(server.url()).delete("/" + INDEX);
      killAtThird(wire, server, Request::isBulk);

      assertNotDone(
          snapshot, Searches.target(wire.url(), Mode.REFUSE, SHORT).bulkBytes(5000).build());
    }
    try (ServerJvm server = Node.ELASTICSEARCH_8.start();
        Wire wire = new Wire(server.url())) {
      fill(new Http(server.url()));
      killAtThird(wire, server, Request::isPage);

      assertThrows(
          BackupException.class,
          () -> repository.backup(Searches.source(wire.url(), INDEX, SHORT).pageSize(100).build()));
    }
    assertEquals(1, repository.snapshots().stream().count());
  }

  private void assertNotDone(Snapshot snapshot, Target target) {
    try {
      RestoreReport report = repository.restore(snapshot, target);
      assertFalse(report.complete(), report.toString());
    } catch (BackupException failure) {
      assertFalse(String.valueOf(failure.getMessage()).isEmpty());
    }
  }
}
