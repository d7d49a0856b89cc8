package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.source.elasticsearch.ElasticsearchTarget;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Part;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Ways to restore beside those of the archivist. */
class ModesTest extends OnEveryNode {

  private final String index = prefix + "orders";

  ModesTest(Node node) {
    super(node);
  }

  private SortedMap<String, String> prepare() {
    http.put(
        "/" + index,
        "{\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0,\"refresh_interval\":\"7s\"},"
            + "\"mappings\":{\"properties\":{\"n\":{\"type\":\"long\"}}}}");
    write("one", 1);
    write("two", 2);
    return ClusterView.documents(http, index);
  }

  private void write(String id, int n) {
    http.bulk(
        List.of(
            "{\"index\":{\"_index\":\"" + index + "\",\"_id\":\"" + id + "\"}}",
            "{\"n\":" + n + "}"));
  }

  /** The indices behind a name. */
  private Set<String> behind(String name) {
    return Json.object(http.get("/" + name + "/_settings")).keySet();
  }

  @Test
  void swap_indexIsThere_becomesAnAliasOfTheLoadedOne() {
    SortedMap<String, String> before = prepare();
    Snapshot snapshot = backup();
    write("one", 100);
    write("three", 3);

    restoreAll(snapshot, Mode.SWAP);

    ClusterView.assertSame(before, ClusterView.documents(http, index), index);
    assertFalse(behind(index).contains(index));
    assertEquals(1, behind(index).size());
  }

  @Test
  void swap_twice_keepsWhatWasBehindTheAlias() {
    SortedMap<String, String> before = prepare();
    Snapshot snapshot = backup();
    http.delete("/" + index);
    http.put("/" + index + "-old", "{\"aliases\":{\"" + index + "\":{}}}");

    restoreAll(snapshot, Mode.SWAP);

    ClusterView.assertSame(before, ClusterView.documents(http, index), index);
    assertFalse(behind(index).contains(index + "-old"));
    assertEquals(Set.of(index + "-old"), behind(index + "-old"));
  }

  @Test
  void rename_allIndices_leavesThoseThatAreThere() {
    SortedMap<String, String> before = prepare();
    Snapshot snapshot = backup();
    write("three", 3);
    SortedMap<String, String> now = ClusterView.documents(http, index);

    RestoreReport report =
        restore(
            snapshot, Searches.target(url(), Mode.REFUSE).rename("(.*)orders", "$1copies").build());

    assertEquals(List.of(), report.problems());
    ClusterView.assertSame(before, ClusterView.documents(http, prefix + "copies"), "copies");
    ClusterView.assertSame(now, ClusterView.documents(http, index), index);
  }

  @Test
  void parts_withoutDocuments_makesEmptyIndices() {
    prepare();
    Snapshot snapshot = backup();
    http.delete("/" + index);

    ElasticsearchTarget target =
        Searches.target(url(), Mode.REFUSE).parts(Set.of(Part.INDICES, Part.ALIASES)).build();
    RestoreReport report = restore(snapshot, target);

    assertEquals(List.of(), report.problems());
    assertEquals(0, ClusterView.documents(http, index).size());
    assertEquals(
        "long", Json.at(http.get("/" + index), index, "mappings", "properties", "n", "type"));
  }

  @Test
  void restore_pathsOfOneIndex_restoresThatAlone() {
    prepare();
    http.put("/" + prefix + "other", "{}");
    Snapshot snapshot = backup();
    view().delete(http);

    RestoreReport report =
        restore(snapshot, Searches.target(url(), Mode.REFUSE).build(), "indices/" + index);

    assertEquals(List.of(), report.problems());
    assertTrue(view().names().contains("index: " + index));
    assertFalse(view().names().contains("index: " + prefix + "other"));
  }

  @Test
  void restore_settingsWhileLoading_areSetBack() {
    prepare();
    ClusterView before = view();
    Snapshot snapshot = backup();
    http.delete("/" + index);

    restoreAll(snapshot, Mode.REFUSE);

    before.assertSame(view());
    assertEquals(
        "7s", Json.at(http.get("/" + index), index, "settings", "index", "refresh_interval"));
  }

  @Test
  void restore_dryRun_changesNothing() {
    prepare();
    Snapshot snapshot = backup();
    http.delete("/" + index);

    RestoreReport report =
        repository()
            .restore(
                snapshot,
                Searches.target(url(), Mode.REFUSE).build(),
                dev.varve.RestoreOptions.builder().dryRun().build());

    assertTrue(report.entries() > 0);
    assertTrue(view().names().isEmpty());
  }
}
