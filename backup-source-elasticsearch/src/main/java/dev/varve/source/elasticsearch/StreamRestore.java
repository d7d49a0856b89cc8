package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Restores one data stream: its documents are created anew, oldest first, in the index it then
 * writes to. Used by one thread.
 */
final class StreamRestore {

  private static final RawJson NOT_SET = RawJson.of("null");

  private final RestoreScope scope;
  private final StoredIndex stored;
  private final String name;
  private final Set<EntryPath> broken = new HashSet<>();

  StreamRestore(RestoreScope scope, StoredIndex stored) {
    this.scope = scope;
    this.stored = stored;
    this.name = scope.settings().renamed(stored.name());
  }

  void run() throws IOException {
    if (!Names.isOfOneThing(name)) {
      refuse("no data stream can be called '" + name + "'");
      return;
    }
    try {
      restore();
    } catch (ServerException | NoSuchFileException e) {
      refuse("data stream " + name + ": " + e.getMessage());
    }
  }

  private void restore() throws IOException {
    String step = "/" + Call.step(name);
    boolean there =
        scope.connection().askIfThere(Call.get(step + "/_settings/index.uuid")).isPresent();
    if (there && scope.isMode(ElasticsearchTarget.Mode.REFUSE)) {
      refuse("data stream " + name + " is there already; choose to merge or purge, or rename it");
      return;
    }
    if (there && scope.isMode(ElasticsearchTarget.Mode.SWAP)) {
      refuse("data stream " + name + " is there, and an alias cannot take its place; purge it");
      return;
    }
    if (scope.context().dryRun()) {
      stored.entries().forEach(scope.context()::restored);
      return;
    }
    boolean purging = there && scope.isMode(ElasticsearchTarget.Mode.PURGE);
    if (purging) {
      scope.connection().change(Call.delete("/_data_stream/" + Call.step(name)));
    }
    boolean fresh = !there || purging;
    if (fresh) {
      scope.connection().change(Call.put("/_data_stream/" + Call.step(name), RawJson.of("{}")));
    }
    fill(fresh);
    report();
  }

  private void fill(boolean fresh) throws IOException {
    List<String> order = backingIndices();
    if (!order.isEmpty()) {
      putMappings(order.get(order.size() - 1));
    }
    if (!scope.wants(ElasticsearchTarget.Part.DOCUMENTS)) {
      return;
    }
    Map<String, RawJson> before = loadingSettings(fresh);
    long written =
        RestoreScope.tidied(
            () -> load(order, fresh), done -> scope.set(scope.tidying(), name, before));
    scope.context().count("documents", written);
    long counted = scope.count(name);
    if (fresh && counted != written && broken.isEmpty()) {
      stored.entries().forEach(entry -> broken.add(entry.path()));
      refuse(name + " counts " + counted + " documents where " + written + " were loaded");
    }
    putAliases();
  }

  private long load(List<String> order, boolean fresh) throws IOException {
    BulkSender.Writing writing = fresh ? BulkSender.Writing.CREATE : BulkSender.Writing.ADD;
    try (BulkLoader loader = new BulkLoader(scope, name, writing)) {
      for (String index : order) {
        for (Entry entry : documentsOf(index)) {
          loader.load(entry.path());
        }
      }
      loader.finish();
      broken.addAll(loader.broken());
      return loader.written();
    }
  }

  /** The backing indices in the snapshot, oldest first. */
  private List<String> backingIndices() throws IOException {
    Set<String> order = new LinkedHashSet<>();
    RawJson told = scope.jsonOrNothing(stored.path(Names.STREAM));
    Optional<RawJson> listed = told.find("indices");
    if (listed.isPresent()) {
      for (RawJson index : listed.get().items()) {
        order.add(index.at("index_name").text());
      }
    }
    Set<String> held = new LinkedHashSet<>();
    for (Entry entry : stored.entries()) {
      String path = EntryPath.textOf(entry.path().bytes()).substring(stored.above().length());
      int slash = path.indexOf('/');
      if (slash > 0) {
        held.add(Names.name(path.substring(0, slash)));
      }
    }
    order.retainAll(held);
    order.addAll(held);
    return new ArrayList<>(order);
  }

  private List<Entry> documentsOf(String index) {
    EntryPath below = stored.path(Names.step(index) + "/" + Names.DOCUMENTS);
    return stored.entries().stream().filter(entry -> entry.path().startsWith(below)).toList();
  }

  /** Fields that documents brought along in the cluster that was backed up. */
  private void putMappings(String index) throws IOException {
    EntryPath path = stored.path(Names.step(index) + "/mappings.json");
    Map<String, RawJson> mappings = new LinkedHashMap<>(scope.jsonOrNothing(path).fields());
    mappings.remove("_data_stream_timestamp");
    if (mappings.isEmpty()) {
      return;
    }
    try {
      scope
          .connection()
          .ask(Call.put("/" + Call.step(name) + "/_mapping", RawJson.object(mappings)));
    } catch (ServerException e) {
      broken.add(path);
      scope.context().warn(path, "The mappings do not fit: " + e.getMessage());
    }
  }

  /** Sets what makes loading fast, and answers what was set before. */
  private Map<String, RawJson> loadingSettings(boolean fresh) throws IOException {
    RawJson all =
        scope.connection().ask(Call.get("/" + Call.step(name) + "/_settings?flat_settings=true"));
    RawJson now = NOT_SET;
    for (RawJson index : all.fields().values()) {
      now = index.at("settings");
    }
    Map<String, RawJson> before = new HashMap<>();
    Map<String, RawJson> loading =
        fresh ? IndexSettings.LOADING : Map.of(IndexSettings.REFRESH, RawJson.of("\"-1\""));
    for (String setting : loading.keySet()) {
      before.put(setting, now.find(setting).orElse(NOT_SET));
    }
    scope.set(scope.connection(), name, loading);
    return before;
  }

  private void putAliases() throws IOException {
    if (!scope.wants(ElasticsearchTarget.Part.ALIASES)) {
      return;
    }
    EntryPath path = stored.path("aliases.json");
    try {
      Aliases.add(scope, name, scope.jsonOrNothing(path), List.of());
    } catch (ServerException e) {
      broken.add(path);
      scope.context().warn(path, "The aliases do not fit: " + e.getMessage());
    }
  }

  private void refuse(String why) {
    stored.entries().forEach(entry -> scope.refuse(entry, why));
  }

  private void report() {
    for (Entry entry : stored.entries()) {
      if (!broken.contains(entry.path())) {
        scope.context().restored(entry);
      }
    }
  }
}
