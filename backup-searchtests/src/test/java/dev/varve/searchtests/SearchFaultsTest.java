package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.BackupException;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.searchtests.Wire.Fault;
import dev.varve.searchtests.Wire.Request;
import dev.varve.source.elasticsearch.ElasticsearchTarget;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.target.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What passes is made good; what does not is a clear failure; nothing partial counts as done. */
@ParameterizedClass
@MethodSource("dev.varve.searchtests.Node#forContracts")
class SearchFaultsTest extends OnNode {

  private static final int DOCUMENTS = 600;
  private static final Duration SHORT = Duration.ofMillis(200);

  private final Wire wire;
  private final String index = prefix + "a";

  SearchFaultsTest(Node node) throws IOException {
    super(node);
    wire = new Wire(url());
  }

  @AfterEach
  void close() {
    wire.close();
  }

  private SortedMap<String, String> prepare() {
    http.put(
        "/" + index,
        "{\"settings\":{\"number_of_shards\":2,\"number_of_replicas\":0},"
            + "\"mappings\":{\"properties\":{\"n\":{\"type\":\"long\"}}}}");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      lines.add("{\"index\":{\"_index\":\"" + index + "\",\"_id\":\"" + i + "\"}}");
      lines.add("{\"n\":" + i + ",\"text\":\"" + "x".repeat(i % 300) + "\"}");
    }
    http.bulk(lines);
    return ClusterView.documents(http, index);
  }

  /** Spoils some of the requests of a kind: the first, the third, the fifth, up to the tenth. */
  private void spoilSome(Predicate<Request> kind, Fault fault) {
    AtomicInteger count = new AtomicInteger();
    wire.spoil(
        request -> {
          int number = kind.test(request) ? count.incrementAndGet() : 0;
          return number % 2 == 1 && number < 10 ? fault : Fault.NONE;
        });
  }

  /** Lets so many requests of a kind pass and spoils all other requests for good. */
  private void spoilAfter(int passed, Predicate<Request> kind, Fault fault) {
    AtomicInteger count = new AtomicInteger();
    wire.spoil(
        request -> {
          boolean over = count.get() >= passed;
          if (kind.test(request)) {
            over = count.incrementAndGet() > passed;
          }
          return over ? fault : Fault.NONE;
        });
  }

  private ElasticsearchTarget.Builder smallBulks(Mode mode) {
    return Searches.target(wire.url(), mode).bulkBytes(5000);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "HALF_REJECTED"})
  void backup_somePagesSpoilt_isWhole(Fault fault) {
    SortedMap<String, String> before = prepare();
    spoilSome(Request::isPage, fault);

    var report = backup(Searches.source(wire.url(), prefix).pageSize(70).build());

    assertEquals(List.of(), report.problems());
    http.delete("/" + index);
    restoreAll(report.snapshot(), Mode.REFUSE);
    ClusterView.assertSame(before, ClusterView.documents(http, index), index);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSED", "CUT_ANSWER", "ANSWER_429"})
  void backup_pagesSpoiltForGood_failsAndCommitsNothing(Fault fault) {
    prepare();
    spoilAfter(3, Request::isPage, fault);

    BackupException failure =
        assertThrows(
            BackupException.class,
            () -> backup(Searches.source(wire.url(), prefix, SHORT).pageSize(70).build()));

    assertTrue(String.valueOf(failure.getMessage()).contains(index), failure.toString());
    assertEquals(0, repository().snapshots().stream().count());
  }

  /** Somebody else ended the point in time: another one would be another state. */
  @Test
  void backup_pointInTimeLost_failsRatherThanMixStates() {
    prepare();
    AtomicInteger pages = new AtomicInteger();
    wire.spoil(
        request -> {
          if (request.isPage() && pages.incrementAndGet() == 3) {
            http.delete(node.isOpenSearch() ? "/_search/point_in_time/_all" : "/" + index);
          }
          return Fault.NONE;
        });

    assertThrows(
        BackupException.class,
        () -> backup(Searches.source(wire.url(), prefix).pageSize(70).build()));

    assertEquals(0, repository().snapshots().stream().count());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE"})
  void restore_someBulksSpoilt_isWhole(Fault fault) {
    SortedMap<String, String> before = prepare();
    Snapshot snapshot = backup();
    http.delete("/" + index);
    spoilSome(Request::isBulk, fault);

    RestoreReport report = restore(snapshot, smallBulks(Mode.REFUSE).build());

    assertEquals(List.of(), report.problems());
    ClusterView.assertSame(before, ClusterView.documents(http, index), index);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSED", "LOST_ANSWER", "ANSWER_429", "HALF_REJECTED"})
  void restore_bulksSpoiltForGood_isNotCalledDone(Fault fault) {
    prepare();
    Snapshot snapshot = backup();
    http.delete("/" + index);
    spoilAfter(3, Request::isBulk, fault);

    assertNotDone(
        snapshot, Searches.target(wire.url(), Mode.REFUSE, SHORT).bulkBytes(5000).build());
  }

  /** Whatever keeps the new index from being complete, the old one stays. */
  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"PURGE", "SWAP"})
  void replace_bulksSpoiltForGood_leavesWhatIsThere(Mode mode) {
    prepare();
    Snapshot snapshot = backup();
    http.bulk(
        List.of("{\"index\":{\"_index\":\"" + index + "\",\"_id\":\"newer\"}}", "{\"n\":-1}"));
    ClusterView before = view();
    AtomicInteger bulks = new AtomicInteger();
    wire.spoil(
        request -> request.isBulk() && bulks.incrementAndGet() > 3 ? Fault.ANSWER_429 : Fault.NONE);

    assertNotDone(snapshot, Searches.target(wire.url(), mode, SHORT).bulkBytes(5000).build());

    before.assertSame(view());
  }

  /** A data stream stays as well: its documents go only when those of the snapshot are there. */
  @Test
  void purge_bulksOfDataStreamSpoiltForGood_leavesItsDocuments() {
    assumeTrue(node.isComplete(), "no data streams");
    String stream = prefix + "stream";
    http.put(
        "/_index_template/" + prefix + "stream",
        "{\"index_patterns\":[\"" + stream + "\"],\"data_stream\":{},\"priority\":600}");
    create(stream, "first");
    Snapshot snapshot = backup();
    http.post("/" + stream + "/_rollover", "");
    create(stream, "newer");
    SortedMap<String, String> before = ClusterView.documents(http, stream);
    wire.spoil(request -> request.isBulk() ? Fault.ANSWER_429 : Fault.NONE);

    assertNotDone(snapshot, Searches.target(wire.url(), Mode.PURGE, SHORT).build());

    ClusterView.assertSame(before, ClusterView.documents(http, stream), stream);
    wire.spoil(request -> Fault.NONE);
    restoreAll(snapshot, Mode.PURGE);
    assertEquals(1, ClusterView.documents(http, stream).size());
    create(stream, "written after that");
  }

  private void create(String stream, String id) {
    http.bulk(
        List.of(
            "{\"create\":{\"_index\":\"" + stream + "\",\"_id\":\"" + id + "\"}}",
            "{\"@timestamp\":\"2026-11-20T00:00:00Z\"}"));
  }

  /** What a full disk looks like: the server itself sets this block. */
  @Test
  void restore_diskFull_saysSo() {
    prepare();
    Snapshot snapshot = backup();
    http.delete("/" + index);
    AtomicInteger bulks = new AtomicInteger();
    wire.spoil(
        request -> {
          if (request.isBulk() && bulks.incrementAndGet() == 4) {
            http.put("/" + index + "/_settings", "{\"index.blocks.read_only_allow_delete\":true}");
          }
          return Fault.NONE;
        });

    String said = assertNotDone(snapshot, smallBulks(Mode.REFUSE).build());

    assertTrue(said.contains(index) && said.contains("disk"), said);
    http.put("/" + index + "/_settings", "{\"index.blocks.read_only_allow_delete\":null}");
  }

  @Test
  void merge_documentsThatDoNotFitTheMapping_areNamedAndOthersWritten() {
    prepare();
    http.bulk(
        List.of(
            "{\"index\":{\"_index\":\"" + index + "\",\"_id\":\"fits not\"}}",
            "{\"m\":\"no number\"}"));
    Snapshot snapshot = backup();
    http.delete("/" + index);
    http.put("/" + index, "{\"mappings\":{\"properties\":{\"m\":{\"type\":\"long\"}}}}");

    RestoreReport report = restore(snapshot, smallBulks(Mode.MERGE).build());

    assertTrue(report.problems().toString().contains("fits not"), report.toString());
    assertFalse(report.complete());
    assertEquals(DOCUMENTS, ClusterView.documents(http, index).size());
  }

  /** Fails unless the restore says that it is not whole; answers what it says. */
  private String assertNotDone(Snapshot snapshot, Target target) {
    try {
      RestoreReport report = restore(snapshot, target);
      assertFalse(report.complete(), report.toString());
      assertFalse(report.problems().isEmpty());
      return report.problems().toString();
    } catch (BackupException failure) {
      return failure.toString();
    }
  }
}
