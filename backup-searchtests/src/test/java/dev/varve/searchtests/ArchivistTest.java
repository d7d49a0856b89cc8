package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The cases that the archivist, which Varve replaces, was tested by. */
class ArchivistTest extends OnEveryNode {

  private int templates = 5;
  private int indices = 3;
  private int documents = 250;

  ArchivistTest(Node node) {
    super(node);
  }

  private String index(int template, int index) {
    return prefix + "kind" + template + "-" + index;
  }

  /** What says as much with less. */
  private void prepareFew() {
    templates = 1;
    indices = 2;
    documents = 100;
    prepare();
  }

  private void prepare() {
    List<String> lines = new ArrayList<>();
    for (int template = 0; template < templates; template++) {
      http.put(
          "/_template/" + prefix + "kind" + template,
          Json.write(
              Map.of(
                  "index_patterns",
                  List.of(prefix + "kind" + template + "-*"),
                  "settings",
                  Map.of("number_of_shards", 1, "number_of_replicas", 0),
                  "mappings",
                  Map.of("properties", Map.of("name", Map.of("type", "keyword"))))));
      for (int index = 0; index < indices; index++) {
        for (int document = 0; document < documents; document++) {
          lines.addAll(line(index(template, index), "id-" + document, "document " + document));
        }
      }
    }
    http.bulk(lines);
  }

  private static List<String> line(String index, String id, String name) {
    return List.of(
        Json.write(Map.of("index", Map.of("_index", index, "_id", id))),
        Json.write(Map.of("name", name, "length", new Json.Digits("" + name.length()))));
  }

  /** Deletes ten documents of each index, adds five, and changes three. */
  private void disturb() {
    List<String> lines = new ArrayList<>();
    for (int template = 0; template < templates; template++) {
      for (int i = 0; i < indices; i++) {
        String index = index(template, i);
        for (int document = 0; document < 10; document++) {
          lines.add(
              Json.write(Map.of("delete", Map.of("_index", index, "_id", "id-" + 7 * document))));
        }
        for (int document = 0; document < 5; document++) {
          lines.addAll(line(index, "extra-" + document, "extra"));
        }
        for (int document = 1; document < 4; document++) {
          lines.addAll(line(index, "id-" + document, "changed"));
        }
      }
    }
    http.bulk(lines);
  }

  @Test
  void restore_purging_bringsDeletedOnesBackAndTakesExtrasAway() {
    prepare();
    ClusterView before = view();
    Snapshot snapshot = backup();
    disturb();

    restoreAll(snapshot, Mode.PURGE);

    before.assertSame(view());
  }

  @Test
  void restore_merging_bringsDeletedOnesBackAndLeavesExtras() {
    prepare();
    SortedMap<String, SortedMap<String, String>> before = allDocuments();
    Snapshot snapshot = backup();
    disturb();

    restoreAll(snapshot, Mode.MERGE);

    SortedMap<String, SortedMap<String, String>> after = allDocuments();
    before.forEach(
        (index, documents) -> {
          SortedMap<String, String> now = after.getOrDefault(index, new TreeMap<>());
          for (int document = 0; document < 5; document++) {
            assertTrue(now.containsKey("/extra-" + document), index);
            now.remove("/extra-" + document);
          }
          assertEquals(sources(documents), sources(now), index);
        });
  }

  @Test
  void restore_intoNothing_makesEverythingAgain() {
    prepareFew();
    ClusterView before = view();
    SortedMap<String, SortedMap<String, String>> documents = allDocuments();
    Snapshot snapshot = backup();
    before.delete(http);
    assertTrue(view().names().isEmpty());

    restoreAll(snapshot, Mode.REFUSE);

    assertEquals(documents, allDocuments());
  }

  @Test
  void restore_overWhatIsThere_isRefusedAndChangesNothing() {
    prepareFew();
    Snapshot snapshot = backup();
    disturb();
    ClusterView disturbed = view();

    RestoreReport report = restore(snapshot, Searches.target(url(), Mode.REFUSE).build());

    assertFalse(report.problems().isEmpty());
    disturbed.assertSame(view());
  }

  @Test
  void backup_nothingThere_isAnEmptySnapshotThatRestores() {
    Snapshot snapshot = backup();

    restoreAll(snapshot, Mode.REFUSE);

    assertTrue(view().names().isEmpty());
  }

  @Test
  void restore_partOfWhichSomeIsMissing_restoresTheRestAndWarns() {
    prepareFew();
    ClusterView before = view();
    Snapshot snapshot = backup();
    before.delete(http);
    String missing = prefix + "missing";

    RestoreReport report =
        restore(
            snapshot,
            Searches.target(url(), Mode.REFUSE).include(index(0, 0)).include(missing).build());

    assertTrue(report.problems().toString().contains(missing), report.toString());
    assertEquals(documents, ClusterView.documents(http, index(0, 0)).size());
    assertFalse(view().names().contains("index: " + index(0, 1)));
  }

  private SortedMap<String, SortedMap<String, String>> allDocuments() {
    SortedMap<String, SortedMap<String, String>> all = new TreeMap<>();
    for (int template = 0; template < templates; template++) {
      for (int index = 0; index < indices; index++) {
        String name = index(template, index);
        all.put(name, ClusterView.documents(http, name));
      }
    }
    return all;
  }

  /** Without versions, which merging has to raise. */
  private static SortedMap<String, String> sources(SortedMap<String, String> documents) {
    SortedMap<String, String> sources = new TreeMap<>(documents);
    sources.replaceAll((name, text) -> text.substring(text.indexOf(": ")));
    return sources;
  }
}
