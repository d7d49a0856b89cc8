package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.SourceIdentity;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of documents that a cluster does not just take. */
class BulkSenderTest {

  private static final EntryPath PATH = EntryPath.of("indices/i/documents/0000.ndjson");
  private static final String BUSY =
      "{\"status\":429,\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"full\"}}";
  private static final String CONFLICT =
      "{\"status\":409,\"error\":{\"type\":\"version_conflict_engine_exception\",\"reason\":\"v\"}}";
  private static final String WRONG =
      "{\"status\":400,\"error\":{\"type\":\"document_parsing_exception\",\"reason\":\"no date\"}}";
  private static final String BLOCKED =
      "{\"status\":429,\"error\":{\"type\":\"cluster_block_exception\",\"reason\":"
          + "\"disk usage exceeded flood-stage watermark\"}}";
  private static final String DONE = "{\"status\":201}";

  private final RecordingContext context = new RecordingContext();
  private final List<StubCluster.Reply> replies = new ArrayList<>();
  private Duration patience = Duration.ofSeconds(60);
  private int bulkBytes = 1 << 20;

  @Test
  void load_stormOfRefusals_sendsAgainOnlyWhatWasRefused() throws Exception {
    reply(503, "{}");
    reply(429, "{\"error\":{\"type\":\"circuit_breaking_exception\",\"reason\":\"heap\"}}");
    items(DONE, BUSY, BUSY);
    items(BUSY, DONE);
    items(DONE);

    List<String> bodies = load(BulkSender.Writing.NEW, 3);

    assertEquals(List.of(), context.problems());
    assertEquals(List.of(3, 3, 3, 2, 1), bodies.stream().map(BulkSenderTest::documents).toList());
    assertTrue(bodies.get(4).contains("\"_id\":\"1\""), bodies.get(4));
  }

  @Test
  void load_refusedForLongerThanPatience_fails() {
    patience = Duration.ZERO;
    items(BUSY);

    IOException e = assertThrows(IOException.class, () -> load(BulkSender.Writing.NEW, 1));

    assertTrue(String.valueOf(e.getMessage()).contains("full"), String.valueOf(e));
  }

  @Test
  void load_oneDocumentDoesNotFit_namesItAndLoadsTheOthers() throws Exception {
    items(DONE, WRONG, DONE);

    load(BulkSender.Writing.NEW, 3);

    assertEquals(List.of(PATH), context.problemPaths());
    String message = context.problems().get(0).message();
    assertTrue(message.contains("\"1\"") && message.contains("no date"), message);
  }

  @Test
  void load_diskIsFull_failsAtOnceAndSaysWhatToDo() {
    items(BLOCKED, BLOCKED);

    IOException e = assertThrows(IOException.class, () -> load(BulkSender.Writing.NEW, 2));

    assertTrue(String.valueOf(e.getMessage()).contains("make room"), String.valueOf(e));
  }

  @Test
  void load_newerVersionIsThere_isReplacedWhenMergingAndReportedOtherwise() throws Exception {
    items(CONFLICT);
    items(DONE);
    List<String> merged = load(BulkSender.Writing.OVER, 1);
    assertEquals(List.of(), context.problems());
    assertTrue(merged.get(0).contains("external_gte"), merged.get(0));
    assertFalse(merged.get(1).contains("version"), merged.get(1));

    items(CONFLICT);
    load(BulkSender.Writing.NEW, 1);
    assertEquals(List.of(PATH), context.problemPaths());
  }

  @Test
  void load_answerOfAStreamWasLost_whatWasTakenBeforeCounts() throws Exception {
    replies.add(StubCluster.Reply.breakingOff("{\"errors\":false,"));
    items(CONFLICT, DONE);

    load(BulkSender.Writing.CREATE, 2);

    assertEquals(List.of(), context.problems());
  }

  @Test
  void load_sameIdTwiceInAStream_isReported() throws Exception {
    items(DONE, CONFLICT);

    load(BulkSender.Writing.CREATE, 2);

    assertEquals(List.of(PATH), context.problemPaths());
  }

  @Test
  void load_requestIsTooLong_isHalved() throws Exception {
    reply(413, "");
    items(DONE);
    reply(413, "");
    items(DONE);
    reply(413, "");

    List<String> bodies = load(BulkSender.Writing.NEW, 3);

    assertEquals(List.of(3, 1, 2, 1, 1), bodies.stream().map(BulkSenderTest::documents).toList());
    assertEquals(List.of(PATH), context.problemPaths());
  }

  @Test
  void load_documentLongerThanARequest_isSentFromTheSnapshotAndAgain() throws Exception {
    bulkBytes = 1000;
    reply(503, "{}");
    items(DONE);

    List<String> bodies = load(BulkSender.Writing.NEW, 1, "y".repeat(300_000));

    assertEquals(List.of(), context.problems());
    assertEquals(bodies.get(0), bodies.get(1));
    assertTrue(bodies.get(0).contains("y".repeat(300_000)) && bodies.get(0).endsWith("\"}\n"));
  }

  @Test
  void load_answerSpeaksOfFewerDocuments_isNotTakenForDone() {
    patience = Duration.ZERO;
    items(DONE);

    assertThrows(IOException.class, () -> load(BulkSender.Writing.NEW, 2));
  }

  private List<String> load(BulkSender.Writing writing, int documents) throws Exception {
    return load(writing, documents, "x");
  }

  private List<String> load(BulkSender.Writing writing, int documents, String text)
      throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      lines.append("{\"index\":{\"_id\":\"").append(i);
      lines.append("\",\"version\":3,\"version_type\":\"external_gte\"}}\n");
      lines.append("{\"t\":\"").append(text).append("\"}\n");
    }
    MemorySource source =
        new MemorySource(new SourceIdentity("elasticsearch", "cluster", "test"))
            .file(PATH.toString(), lines.toString().getBytes(StandardCharsets.UTF_8));
    try (StubCluster stub = StubCluster.answering((request, body) -> replies.remove(0));
        Connection connection = stub.cluster().patience(patience).connect()) {
      RestoreScope scope =
          new RestoreScope(
              connection,
              connection,
              new Cluster(false, Cluster.Version.parse("8.1.0"), "c"),
              settings(),
              MemoryContents.of(source),
              context);
      try (BulkLoader loader = new BulkLoader(scope, "i", writing)) {
        loader.load(PATH);
        loader.finish();
      }
      return stub.bodies();
    }
  }

  private TargetSettings settings() {
    return new TargetSettings(
        IndexPatterns.ALL,
        ElasticsearchTarget.Mode.REFUSE,
        Optional.empty(),
        "",
        Set.of(),
        bulkBytes,
        1,
        patience);
  }

  private void reply(int status, String body) {
    replies.add(StubCluster.Reply.of(status, body));
  }

  private void items(String... items) {
    List<String> all = new ArrayList<>();
    boolean errors = false;
    for (String item : items) {
      errors |= !item.equals(DONE);
      all.add("{\"index\":" + item + "}");
    }
    reply(200, "{\"errors\":" + errors + ",\"items\":[" + String.join(",", all) + "]}");
  }

  private static int documents(String body) {
    return (int) body.lines().count() / 2;
  }
}
