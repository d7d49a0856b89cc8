package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.SourceIdentity;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot is written by somebody else; restoring it must not reach beyond what it names. */
class HostileSnapshotTest {

  private static final String NODES =
      "{\"cluster_name\":\"c\",\"nodes\":{\"n\":{\"version\":\"8.19.0\"}}}";

  private final RecordingContext context = new RecordingContext();
  private final MemorySource snapshot =
      new MemorySource(new SourceIdentity("elasticsearch", "cluster", "test"));

  @Test
  void purge_namesThatArePatterns_deleteNothing() throws Exception {
    for (String name : List.of("*", "_all", "a,b", "a%2F_close")) {
      snapshot.file("indices/" + name + "/settings.json", "{}");
      snapshot.file("indices/" + name + "/mappings.json", "{}");
      snapshot.file("data-streams/" + name + "/data-stream.json", "{}");
    }

    List<String> requests = purge("{}");

    assertEquals(List.of("GET /_nodes"), requests);
    assertEquals(12, context.problems().size());
  }

  @Test
  void purge_documentsThatAreOtherActions_areNotSent() {
    snapshot.file("indices/a/settings.json", "{}");
    snapshot.file("indices/a/mappings.json", "{}");
    snapshot.file("indices/a/aliases.json", "{}");
    snapshot.file(
        "indices/a/documents/0000.ndjson",
        "{\"delete\":{\"_index\":\"other\",\"_id\":\"1\"}}\n{}\n");

    assertThrows(
        IOException.class,
        () -> purge("{\"a\":{\"aliases\":{},\"settings\":{\"index.uuid\":\"u\"}}}"));
    assertTrue(context.restored().isEmpty());
  }

  @Test
  void restore_whatNoClusterHas_isReported() throws Exception {
    snapshot.file("etc/passwd", "x");
    snapshot.file("indices/loose.json", "x");

    purge("{}");

    assertEquals(2, context.problems().size());
  }

  private List<String> purge(String answer) throws Exception {
    try (StubCluster stub =
        StubCluster.answering(
            (request, body) -> {
              boolean bulk = request.endsWith("/_bulk");
              return StubCluster.Reply.of(
                  bulk ? 500 : 200, request.equals("GET /_nodes") ? NODES : answer);
            })) {
      ElasticsearchTarget.builder(stub.cluster())
          .mode(ElasticsearchTarget.Mode.PURGE)
          .build()
          .restore(MemoryContents.of(snapshot), context);
      return stub.requests();
    }
  }
}
