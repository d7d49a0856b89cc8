package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.searchtests.JsonShapes.Document;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever a document looks like, it comes back as it was. */
class JsonShapesTest {

  @Provide
  Arbitrary<List<Document>> documents() {
    return JsonShapes.documents();
  }

  @Property(tries = 8, shrinking = ShrinkingMode.BOUNDED)
  void restore_anyDocuments_areTheSame(@ForAll("documents") List<Document> documents) {
    Node.all().forEach(node -> restoresTheSame(node, documents));
  }

  private static void restoresTheSame(Node node, List<Document> documents) {
    Http http = node.http();
    String index = Node.newPrefix() + "shapes";
    String settings =
        "{\"settings\":{\"number_of_shards\":3,\"number_of_replicas\":0},\"mappings\":{\"enabled\":false}}";
    http.put("/" + index, settings);
    try (Repository repository =
        Repository.create(
            new MemoryStore(),
            KeyFile.generate(),
            RepositoryOptions.builder().withoutCache().withoutState().build())) {
      List<String> lines = new ArrayList<>();
      SortedMap<String, String> written = new TreeMap<>();
      for (Document document : documents) {
        Map<String, Object> action =
            new LinkedHashMap<>(Map.of("_index", index, "_id", document.id()));
        document.routing().ifPresent(routing -> action.put("routing", routing));
        lines.add(Json.write(Map.of("index", action)));
        lines.add(Json.write(document.source()));
        written.put(
            document.routing().orElse("") + "/" + document.id(),
            "1: " + Json.write(document.source()));
      }
      http.bulk(lines);
      SortedMap<String, String> before = ClusterView.documents(http, index);
      // Ids are unique in a shard only: some were written over.
      before.keySet().stream()
          .filter(name -> before.getOrDefault(name, "").startsWith("1: "))
          .forEach(name -> assertEquals(written.get(name), before.get(name), name));

      var backup = repository.backup(Searches.source(http.url(), index).build());
      assertEquals(List.of(), backup.problems());
      http.delete("/" + index);
      var restore =
          repository.restore(backup.snapshot(), Searches.target(http.url(), Mode.REFUSE).build());

      assertEquals(List.of(), restore.problems());
      assertTrue(restore.complete());
      ClusterView.assertSame(before, ClusterView.documents(http, index), "on " + node);
    } finally {
      http.send("DELETE", "/" + index, "");
    }
  }
}
