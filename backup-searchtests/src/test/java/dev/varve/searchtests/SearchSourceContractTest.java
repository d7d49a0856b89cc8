package dev.varve.searchtests;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.testkit.SourceContractTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every source promises. A restore takes several entries together, an index is one thing, so
 * the tests of targets, which take each for itself, do not fit.
 */
@ParameterizedClass
@MethodSource("dev.varve.searchtests.Node#forContracts")
class SearchSourceContractTest extends SourceContractTest {

  private static final int DOCUMENTS = 1500;

  private final Http http;
  private final String prefix = Node.newPrefix();

  SearchSourceContractTest(Node node) {
    http = node.http();
    for (String index : List.of(prefix + "a", prefix + "b")) {
      http.put("/" + index, "{\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0}}");
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      lines.addAll(document("" + i, i % 10));
    }
    http.bulk(lines);
  }

  private List<String> document(String id, int digit) {
    return List.of(
        "{\"index\":{\"_index\":\"" + prefix + "a\",\"_id\":\"" + id + "\"}}",
        "{\"n\":" + digit + ",\"t\":\"" + "x".repeat(60) + "\"}");
  }

  @AfterEach
  void leaveNothing() {
    ClusterView.of(http, prefix).delete(http);
  }

  @Override
  protected Source source() {
    return Searches.source(http.url(), prefix).build();
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() {
    SortedMap<EntryPath, byte[]> contents = new TreeMap<>();
    put(contents, "cluster.json", Json.write(cluster()) + "\n");
    put(contents, "not-carried.json", "{}\n");
    for (String index : List.of(prefix + "a", prefix + "b")) {
      Object definition = http.get("/" + index + "?flat_settings=true");
      for (String part : List.of("aliases", "mappings", "settings")) {
        put(
            contents,
            "indices/" + index + "/" + part + ".json",
            Json.write(Json.at(definition, index, part)) + "\n");
      }
      put(contents, "indices/" + index + "/documents/0000.ndjson", documents(index));
    }
    return contents;
  }

  private static void put(SortedMap<EntryPath, byte[]> contents, String path, String text) {
    contents.put(EntryPath.of(path), text.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> cluster() {
    Object nodes = http.get("/_nodes");
    Object node = Json.object(nodes, "nodes").values().iterator().next();
    Object page = http.send("GET", "/", "").json();
    boolean opensearch = Json.at(page, "version", "distribution").equals("opensearch");
    Map<String, Object> cluster = new LinkedHashMap<>();
    cluster.put("format", 1);
    cluster.put("product", opensearch ? "OpenSearch" : "Elasticsearch");
    cluster.put("version", Json.at(node, "version"));
    cluster.put("name", Json.at(nodes, "cluster_name"));
    return cluster;
  }

  private String documents(String index) {
    http.post("/" + index + "/_refresh", "");
    Object page =
        http.post(
            "/" + index + "/_search", "{\"size\":10000,\"version\":true,\"sort\":[\"_doc\"]}");
    StringBuilder lines = new StringBuilder();
    for (Object hit : Json.array(page, "hits", "hits")) {
      Map<String, Object> action = new LinkedHashMap<>();
      action.put("_id", Json.at(hit, "_id"));
      action.put("version", Json.at(hit, "_version"));
      action.put("version_type", "external_gte");
      lines.append(Json.write(Map.of("index", action))).append('\n');
      lines.append(Json.write(Json.at(hit, "_source"))).append('\n');
    }
    return lines.toString();
  }

  @Override
  protected Optional<EntryPath> change() {
    http.bulk(document("7", 0));
    return Optional.of(EntryPath.of("indices/" + prefix + "a/documents/0000.ndjson"));
  }

  /** An index is several contents, which come and go together. */
  @Override
  protected Optional<EntryPath> remove() {
    return Optional.empty();
  }
}
