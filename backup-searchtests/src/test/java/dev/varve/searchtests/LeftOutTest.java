package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** What a cluster cannot give is said; what is large comes through. */
class LeftOutTest extends OnEveryNode {

  LeftOutTest(Node node) {
    super(node);
  }

  @Test
  void backup_whatCannotBeCarried_isNamed() {
    http.put("/" + prefix + "off", "{\"mappings\":{\"_source\":{\"enabled\":false}}}");
    http.put("/" + prefix + "filtered", "{\"mappings\":{\"_source\":{\"excludes\":[\"secret\"]}}}");
    http.put("/" + prefix + "closed", "{\"settings\":{\"number_of_replicas\":0}}");
    http.put("/" + prefix + "fine/_doc/1?refresh=true", "{\"a\":1}");
    http.post("/" + prefix + "closed/_close", "");

    BackupReport report = backup(Searches.source(url(), prefix).build());

    String problems = report.problems().toString();
    for (String named : List.of("off", "filtered", "closed")) {
      assertTrue(problems.contains(prefix + named), named + ": " + problems);
    }
    assertEquals(3, report.problemCount(), problems);
  }

  /** More than a page and more than a bulk request takes; the node's heap is 512 MB. */
  @Test
  void restore_largeDocuments_areTheSame() {
    String index = prefix + "large";
    http.put(
        "/" + index,
        "{\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0},"
            + "\"mappings\":{\"enabled\":false}}");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      lines.add("{\"index\":{\"_index\":\"" + index + "\",\"_id\":\"large-" + i + "\"}}");
      lines.add("{\"text\":\"" + Integer.toString(i).repeat(6_000_000) + "\"}");
    }
    http.bulk(lines);
    SortedMap<String, String> before = ClusterView.documents(http, index);
    BackupReport report = backup(Searches.source(url(), prefix).build());
    assertEquals(List.of(), report.problems());
    http.delete("/" + index);

    restoreAll(report.snapshot(), Mode.REFUSE);

    assertTrue(before.equals(ClusterView.documents(http, index)), "not the same");
  }
}
