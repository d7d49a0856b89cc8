package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of an index, sorted by when they can be given to a new one. Names have dots.
 *
 * @param creation those it is made with
 * @param afterwards those it gets once its documents are loaded
 */
record IndexSettings(Map<String, RawJson> creation, Map<String, RawJson> afterwards) {

  static final String REPLICAS = "index.number_of_replicas";
  static final String REFRESH = "index.refresh_interval";

  /** What belongs to the one index that was backed up, or is told by the cluster itself. */
  private static final List<String> OWN =
      List.of(
          "index.uuid",
          "index.creation_date",
          "index.provided_name",
          "index.version.",
          "index.resize.",
          "index.shrink.",
          "index.history.uuid",
          "index.routing.allocation.initial_recovery.",
          "index.store.snapshot.",
          "index.verified_before_close",
          "index.frozen",
          "index.lifecycle.indexing_complete",
          "index.lifecycle.origination_date",
          "index.time_series.",
          "index.transport_version.",
          "index.creation_date_string",
          "index.plugins.index_state_management.auto_manage");

  /** What would get in the way of loading, or is of no use until then. */
  private static final List<String> LATER =
      List.of(
          "index.blocks.",
          "index.lifecycle.",
          "index.plugins.index_state_management.",
          "index.opendistro.index_state_management.",
          "index.auto_expand_replicas",
          REPLICAS,
          REFRESH,
          "index.default_pipeline",
          "index.final_pipeline");

  /** What is set while documents are loaded. */
  static final Map<String, RawJson> LOADING =
      Map.of(
          REPLICAS,
          RawJson.of("\"0\""),
          REFRESH,
          RawJson.of("\"-1\""),
          "index.default_pipeline",
          RawJson.of("\"_none\""),
          "index.final_pipeline",
          RawJson.of("\"_none\""));

  private static final RawJson NOT_SET = RawJson.of("null");

  /** Sorts the settings of a snapshot. */
  static IndexSettings of(RawJson stored) throws IOException {
    Map<String, RawJson> creation = new LinkedHashMap<>();
    Map<String, RawJson> afterwards = new TreeMap<>();
    LOADING.keySet().forEach(name -> afterwards.put(name, NOT_SET));
    stored
        .fields()
        .forEach(
            (name, value) -> {
              if (begins(name, LATER)) {
                afterwards.put(name, value);
              } else if (!begins(name, OWN)) {
                creation.put(name, value);
              }
            });
    creation.putAll(LOADING);
    return new IndexSettings(creation, afterwards);
  }

  /** These without what the other product says of each index, where it says what is usual. */
  IndexSettings fitting(boolean opensearch) {
    RawJson replication = creation.get("index.replication.type");
    boolean usual = replication != null && replication.toString().equals("\"DOCUMENT\"");
    return usual && !opensearch ? without(Set.of("index.replication.type")) : this;
  }

  /** These without some, which the cluster does not know. */
  IndexSettings without(Set<String> names) {
    Map<String, RawJson> less = new LinkedHashMap<>(creation);
    less.keySet().removeAll(names);
    Map<String, RawJson> later = new TreeMap<>(afterwards);
    later.keySet().removeAll(names);
    return new IndexSettings(less, later);
  }

  private static boolean begins(String name, List<String> with) {
    return with.stream()
        .anyMatch(one -> one.endsWith(".") ? name.startsWith(one) : name.equals(one));
  }
}
