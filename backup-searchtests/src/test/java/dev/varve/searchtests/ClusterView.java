package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a server says by its own interfaces that it holds under names with a prefix: what a restore
 * must give back. Immutable.
 */
final class ClusterView {

  /** What a server makes new for each index. */
  private static final Set<String> NOT_CARRIED =
      Set.of("uuid", "creation_date", "version", "provided_name", "history", "resize");

  /** When a definition was made, which Elasticsearch 9 tells and nobody may set. */
  private static final Set<String> TOLD_BY_THE_CLUSTER =
      Set.of("created_date_millis", "modified_date_millis");

  /** No more than the smallest window a test gives an index. */
  private static final int PAGE = 500;

  private final SortedMap<String, Object> parts = new TreeMap<>();

  private ClusterView() {}

  /** Everything whose name begins with {@code prefix}. */
  static ClusterView of(Http http, String prefix) {
    ClusterView view = new ClusterView();
    view.addAll(http, prefix);
    return view;
  }

  /** The documents of an index, as {@code routing/id} to {@code version: source}. */
  static SortedMap<String, String> documents(Http http, String index) {
    http.post("/" + index + "/_refresh", "");
    SortedMap<String, String> documents = new TreeMap<>();
    Object page =
        http.post(
            "/" + index + "/_search?scroll=1m",
            "{\"size\":" + PAGE + ",\"version\":true,\"sort\":[\"_doc\"]}");
    List<Object> hits = Json.array(page, "hits", "hits");
    hits.forEach(hit -> add(hit, documents, index));
    while (hits.size() == PAGE) {
      page =
          http.post(
              "/_search/scroll",
              Json.write(Map.of("scroll", "1m", "scroll_id", Json.at(page, "_scroll_id"))));
      hits = Json.array(page, "hits", "hits");
      hits.forEach(hit -> add(hit, documents, index));
    }
    http.send(
        "DELETE",
        "/_search/scroll",
        Json.write(Map.of("scroll_id", List.of(Json.at(page, "_scroll_id")))));
    return documents;
  }

  private static void add(Object hit, SortedMap<String, String> documents, String index) {
    Object routing = Json.at(hit, "_routing");
    String name = (routing.equals(Json.NULL) ? "" : routing) + "/" + Json.at(hit, "_id");
    String text = Json.at(hit, "_version") + ": " + Json.write(Json.at(hit, "_source"));
    assertEquals(null, documents.put(name, text), "twice in " + index + ": " + name);
  }

  /** Fails naming the first document that differs. */
  static void assertSame(
      SortedMap<String, String> expected, SortedMap<String, String> actual, String where) {
    expected.forEach((name, text) -> assertEquals(text, actual.get(name), name + " in " + where));
    assertEquals(expected.keySet(), actual.keySet(), where);
  }

  /** Fails naming the first part that differs. */
  void assertSame(ClusterView actual) {
    assertEquals(String.join("\n", parts.keySet()), String.join("\n", actual.parts.keySet()));
    parts.forEach((name, part) -> assertEquals(part, actual.parts.get(name), name));
  }

  /** The names of all parts. */
  Set<String> names() {
    return parts.keySet();
  }

  /** Deletes what it has seen, in an order that servers accept. */
  void delete(Http http) {
    List<String> indices =
        parts.keySet().stream()
            .filter(part -> part.startsWith("index: "))
            .map(part -> part.substring("index: ".length()))
            .toList();
    if (!indices.isEmpty()) {
      http.delete("/" + String.join(",", indices));
    }
    for (String kind :
        List.of("data stream", "index template", "template", "component", "pipeline", "script")) {
      for (String part : parts.keySet()) {
        String[] name = part.split(": ", 2);
        if (name[0].equals(kind)) {
          http.delete(path(kind) + URLEncoder.encode(name[1], StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static String path(String kind) {
    return switch (kind) {
      case "data stream" -> "/_data_stream/";
      case "index template" -> "/_index_template/";
      case "template" -> "/_template/";
      case "component" -> "/_component_template/";
      case "pipeline" -> "/_ingest/pipeline/";
      case "script" -> "/_scripts/";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private void addAll(Http http, String prefix) {
    Object state =
        http.get(
            "/_cluster/state/metadata?filter_path=metadata.stored_scripts,metadata.data_stream");
    Json.object(state, "metadata", "stored_scripts")
        .forEach((name, script) -> add(prefix, "script", name, script));
    Http.Answer streams = http.send("GET", "/_data_stream/" + prefix + "*", "");
    if (streams.status() == 200) {
      for (Object stream : Json.array(streams.json(), "data_streams")) {
        String name = Json.at(stream, "name").toString();
        // How many indices are behind it is the cluster's own affair.
        add(prefix, "data stream", name, Json.at(stream, "timestamp_field"));
        parts.put("documents of " + name, documents(http, name));
      }
    }
    Json.object(http.get("/_template"))
        .forEach((name, template) -> add(prefix, "template", name, template));
    for (Object each : Json.array(http.get("/_index_template"), "index_templates")) {
      add(
          prefix,
          "index template",
          Json.at(each, "name").toString(),
          Json.at(each, "index_template"));
    }
    for (Object each : Json.array(http.get("/_component_template"), "component_templates")) {
      add(
          prefix,
          "component",
          Json.at(each, "name").toString(),
          Json.at(each, "component_template"));
    }
    // 404 where there is none.
    Json.object(http.send("GET", "/_ingest/pipeline", "").json())
        .forEach((name, pipeline) -> add(prefix, "pipeline", name, pipeline));
    Json.object(
            http.get(
                "/" + prefix + "*,.ds-" + prefix + "*?expand_wildcards=all&flat_settings=true"))
        .forEach((name, index) -> addIndex(http, name, index));
  }

  private void addIndex(Http http, String index, Object definition) {
    boolean ofStream = index.startsWith(".ds-");
    // The newest of a stream comes last and is the one that takes documents.
    String name = ofStream ? index.replaceFirst("^\\.ds-(.*?)(-[0-9.]+)*$", "$1") : index;
    parts.put(
        (ofStream ? "mappings of stream " : "index: ") + name, Json.at(definition, "mappings"));
    parts.put("aliases of " + name, Json.at(definition, "aliases"));
    Map<String, Object> settings = new TreeMap<>(Json.object(definition, "settings"));
    // An index that took another's place says of which it was made, and what goes without saying.
    settings.remove("index.routing.allocation.initial_recovery._id");
    settings.remove("index.routing_partition_size", "1");
    settings
        .keySet()
        .removeIf(
            key ->
                NOT_CARRIED.contains(key.replaceFirst("^index\\.", "").replaceFirst("\\..*$", "")));
    parts.put("settings of " + name, settings);
    boolean closed = !Json.at(settings, "index.verified_before_close").equals(Json.NULL);
    if (!closed && !ofStream) {
      parts.put("documents of " + name, documents(http, name));
    }
  }

  private void add(String prefix, String kind, String name, Object part) {
    if (name.startsWith(prefix)) {
      Object kept = part;
      if (part instanceof Map) {
        Map<String, Object> fields = new TreeMap<>(Json.object(part));
        fields.keySet().removeAll(TOLD_BY_THE_CLUSTER);
        kept = fields;
      }
      parts.put(kind + ": " + name, kept);
    }
  }
}
