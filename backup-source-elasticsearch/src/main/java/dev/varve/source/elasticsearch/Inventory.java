package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds out what a cluster holds and makes entries of it. Used by one thread; what it made is safe
 * for many.
 */
final class Inventory {

  /** An entry and what it stands for. */
  record Known(Entry entry, Part part) {}

  /** What of a data stream is its definition and does not change with each document. */
  private static final List<String> STREAM_FIELDS =
      List.of(
          "name",
          "timestamp_field",
          "template",
          "generation",
          "hidden",
          "ilm_policy",
          "_meta",
          "indices");

  private final Connection connection;
  private final Cluster cluster;
  private final SourceSettings settings;
  private final SourceContext context;
  private final IndexView.Finished whenFinished;
  private final SortedMap<EntryPath, Known> parts = new TreeMap<>();
  private final List<IndexView> views = new ArrayList<>();

  Inventory(
      Connection connection,
      Cluster cluster,
      SourceSettings settings,
      SourceContext context,
      IndexView.Finished whenFinished) {
    this.connection = connection;
    this.cluster = cluster;
    this.settings = settings;
    this.context = context;
    this.whenFinished = whenFinished;
  }

  /** What is backed up, by path. */
  SortedMap<EntryPath, Known> parts() {
    return parts;
  }

  /** The indices whose documents are. */
  List<IndexView> views() {
    return views;
  }

  /** Asks the cluster. */
  void take() throws IOException {
    Listing listing = new Listing(connection, settings);
    List<RawJson> streams = listing.streams();
    // Before anything is read: what is equal next time was not written to since.
    Map<String, String> states =
        settings.refresh() ? ShardStates.ask(connection, "_all") : Map.of();
    List<IndexFacts> indices = listing.indices(streams);
    Sources sources = Sources.ask(connection);
    for (IndexFacts index : indices) {
      add(index, Optional.ofNullable(states.get(index.name())), sources);
    }
    Set<String> found = new TreeSet<>();
    indices.forEach(index -> found.add(index.stream().orElse(index.name())));
    for (RawJson stream : streams) {
      String name = stream.at("name").text();
      if (settings.admits(name)) {
        found.add(name);
        add(name, stream);
      }
    }
    for (String name : settings.patterns().named()) {
      if (!found.contains(name)) {
        context.warn("The cluster has no index or data stream " + name);
      }
    }
    for (DefinitionKind kind : DefinitionKind.values()) {
      add(kind);
    }
    describe();
  }

  private void add(IndexFacts facts, Optional<String> state, Sources sources) {
    IndexView view =
        new IndexView(connection, cluster, context, facts, state, settings.refresh(), whenFinished);
    if (facts.stream().isEmpty()) {
      text(Names.ofIndex(facts, "aliases.json"), view::aliases);
    }
    text(Names.ofIndex(facts, "mappings.json"), view::mappings);
    text(Names.ofIndex(facts, "settings.json"), view::settings);
    EntryPath documents = Names.ofIndex(facts, Names.DOCUMENTS);
    if (!facts.open()) {
      context.warn(
          documents,
          "Index " + facts.name() + " is closed, so its documents are not in the backup; open it");
    } else if (sources.areOff(facts.name())) {
      context.warn(
          documents,
          "Index "
              + facts.name()
              + " keeps no _source, so its documents are not in the backup; take a snapshot by the"
              + " cluster itself");
    } else {
      if (sources.areFiltered(facts.name())) {
        context.warn(
            documents,
            "The _source of index "
                + facts.name()
                + " lacks fields by its mappings, so they are not in the backup either");
      }
      addDocuments(facts, view, state);
    }
  }

  private void addDocuments(IndexFacts facts, IndexView view, Optional<String> state) {
    views.add(view);
    for (int i = 0; i < facts.slices(); i++) {
      Slice slice = new Slice(i, facts.slices(), facts.shards());
      EntryPath path = Names.ofIndex(facts, Names.DOCUMENTS + slice.fileName());
      Entry.Builder entry =
          Entry.builder(path, EntryKind.FILE).size(facts.bytes() / facts.slices());
      state.ifPresent(same -> entry.revision(ShardStates.revision(same, facts.slices())));
      Part part =
          shown -> DocumentContent.open(shown, view, slice, connection, settings.pageSize());
      parts.put(path, new Known(entry.build(), part));
    }
  }

  private void add(String name, RawJson stream) throws IOException {
    Map<String, RawJson> fields = stream.fields();
    Map<String, RawJson> kept = new LinkedHashMap<>();
    for (String field : STREAM_FIELDS) {
      if (fields.containsKey(field)) {
        kept.put(field, stream.at(field));
      }
    }
    String above = Names.STREAMS + Names.step(name) + "/";
    fixed(EntryPath.of(above + Names.STREAM), RawJson.object(kept));
    Optional<RawJson> aliases = connection.askIfThere(Call.get("/" + Call.step(name) + "/_alias"));
    Optional<RawJson> own =
        aliases.isPresent() ? aliases.get().find(name, "aliases") : Optional.empty();
    if (own.isPresent() && !own.get().fields().isEmpty()) {
      fixed(EntryPath.of(above + "aliases.json"), own.get());
    }
  }

  private void add(DefinitionKind kind) throws IOException {
    if (kind == DefinitionKind.CLUSTER_SETTINGS && !settings.clusterSettings()) {
      return;
    }
    try {
      for (Map.Entry<String, RawJson> one : kind.list(connection).entrySet()) {
        if (settings.systemIndices() || !DefinitionKind.isBuiltIn(one.getKey(), one.getValue())) {
          fixed(
              EntryPath.of(kind.directory() + Names.step(one.getKey()) + ".json"), one.getValue());
        }
      }
    } catch (ServerException e) {
      context.warn(
          EntryPath.of(kind.directory()), "Not in the backup, as asking failed: " + e.getMessage());
    }
  }

  /** Says what this is a backup of, and what it is not. */
  private void describe() {
    Map<String, RawJson> told = new LinkedHashMap<>();
    told.put("format", RawJson.of("1"));
    told.put("product", RawJson.string(cluster.opensearch() ? "OpenSearch" : "Elasticsearch"));
    told.put("version", RawJson.string(cluster.version().text()));
    told.put("name", RawJson.string(cluster.name()));
    fixed(EntryPath.of("cluster.json"), RawJson.object(told));
    fixed(EntryPath.of("not-carried.json"), NotCarried.ask(connection, cluster));
  }

  private void fixed(EntryPath path, RawJson value) {
    byte[] bytes = (value + "\n").getBytes(StandardCharsets.UTF_8);
    text(path, () -> bytes);
  }

  private void text(EntryPath path, Part.Text text) {
    parts.put(path, new Known(Entry.builder(path, EntryKind.FILE).build(), Part.of(text)));
  }
}
