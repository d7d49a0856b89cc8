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
 * writes to. What is purged stays behind a new such index until that is complete. Used by one
 * thread.
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
    Set<String> there = indicesThere(scope.connection());
    if (!there.isEmpty() && scope.isMode(ElasticsearchTarget.Mode.REFUSE)) {
      refuse("data stream " + name + " is there already; choose to merge or purge, or rename it");
    } else if (!there.isEmpty() && scope.isMode(ElasticsearchTarget.Mode.SWAP)) {
      refuse("data stream " + name + " is there, and an alias cannot take its place; purge it");
    } else if (scope.context().dryRun()) {
      stored.entries().forEach(scope.context()::restored);
    } else if (!there.isEmpty() && scope.isMode(ElasticsearchTarget.Mode.PURGE)) {
      replace(there);
    } else {
      boolean fresh = there.isEmpty();
      if (fresh) {
        scope.connection().change(Call.put("/_data_stream/" + Call.step(name), RawJson.of("{}")));
      }
      fill(name, fresh, Set.of());
      putAliases(Set.of());
      report();
    }
  }

  /**
   * Lets the stream go on in a new index and loads that. What was there goes when it is complete,
   * and stays otherwise.
   */
  private void replace(Set<String> old) throws IOException {
    RawJson rolled = scope.connection().change(rollover());
    String index = rolled.at("new_index").text();
    boolean whole =
        RestoreScope.tidied(
            () -> fill(index, true, old),
            done -> {
              if (!done.orElse(false)) {
                takeBack(old);
              }
            });
    if (!whole) {
      refuse("the documents are not complete, so that data stream " + name + " stays as it was");
      return;
    }
    for (String former : old) {
      scope.connection().change(Call.delete("/" + Call.step(former)));
    }
    putAliases(aliasesThere());
    report();
  }

  /** The index that a stream writes to cannot be deleted, so it has to go on in another one. */
  private void takeBack(Set<String> old) throws IOException {
    Set<String> loaded = newer(scope.tidying(), old);
    scope.tidying().change(rollover());
    for (String index : loaded) {
      scope.tidying().change(Call.delete("/" + Call.step(index)));
    }
  }

  private Call rollover() {
    return Call.post("/" + Call.step(name) + "/_rollover");
  }

  /**
   * Fills the stream.
   *
   * @param index the one that takes the documents, or the stream's name
   * @param fresh whether nothing else is in it
   * @param old indices of the stream that do not count
   * @return whether all is there that should be
   */
  private boolean fill(String index, boolean fresh, Set<String> old) throws IOException {
    List<String> order = backingIndices();
    if (!order.isEmpty()) {
      putMappings(index, order.get(order.size() - 1));
    }
    if (!scope.wants(ElasticsearchTarget.Part.DOCUMENTS)) {
      return true;
    }
    Map<String, RawJson> before = loadingSettings(index, fresh);
    long written =
        RestoreScope.tidied(
            () -> load(order, fresh), done -> scope.set(scope.tidying(), index, before));
    scope.context().count("documents", written);
    // Its lifecycle may have let the stream go on in yet another index meanwhile.
    long counted = 0;
    for (String filled : newer(scope.connection(), old)) {
      counted += scope.count(filled);
    }
    if (fresh && counted < written && broken.isEmpty()) {
      stored.entries().forEach(entry -> broken.add(entry.path()));
      refuse(name + " counts " + counted + " documents where " + written + " were loaded");
    } else if (fresh && counted > written) {
      scope.context().warn(name + " has " + (counted - written) + " documents that others wrote");
    }
    return broken.isEmpty();
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

  /** The indices of the stream in the cluster; none if it is not there. */
  private Set<String> indicesThere(Connection connection) throws IOException {
    Optional<RawJson> found =
        connection.askIfThere(Call.get("/" + Call.step(name) + "/_settings/index.uuid"));
    return found.isEmpty() ? Set.of() : Set.copyOf(found.get().fields().keySet());
  }

  private Set<String> newer(Connection connection, Set<String> old) throws IOException {
    Set<String> newer = new HashSet<>(indicesThere(connection));
    newer.removeAll(old);
    return newer;
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
  private void putMappings(String into, String from) throws IOException {
    EntryPath path = stored.path(Names.step(from) + "/mappings.json");
    Map<String, RawJson> mappings = new LinkedHashMap<>(scope.jsonOrNothing(path).fields());
    mappings.remove("_data_stream_timestamp");
    if (mappings.isEmpty()) {
      return;
    }
    try {
      scope
          .connection()
          .ask(Call.put("/" + Call.step(into) + "/_mapping", RawJson.object(mappings)));
    } catch (ServerException e) {
      broken.add(path);
      scope.context().warn(path, "The mappings do not fit: " + e.getMessage());
    }
  }

  /** Sets what makes loading fast, and answers what was set before. */
  private Map<String, RawJson> loadingSettings(String index, boolean fresh) throws IOException {
    RawJson all =
        scope.connection().ask(Call.get("/" + Call.step(index) + "/_settings?flat_settings=true"));
    RawJson now = NOT_SET;
    for (RawJson each : all.fields().values()) {
      now = each.at("settings");
    }
    Map<String, RawJson> before = new HashMap<>();
    Map<String, RawJson> loading =
        fresh ? IndexSettings.LOADING : Map.of(IndexSettings.REFRESH, RawJson.of("\"-1\""));
    for (String setting : loading.keySet()) {
      before.put(setting, now.find(setting).orElse(NOT_SET));
    }
    scope.set(scope.connection(), index, loading);
    return before;
  }

  /** Gives the stream its names, and takes from it those that are not in the snapshot. */
  private void putAliases(Set<String> there) throws IOException {
    if (!scope.wants(ElasticsearchTarget.Part.ALIASES)) {
      return;
    }
    EntryPath path = stored.path("aliases.json");
    try {
      RawJson aliases = scope.jsonOrNothing(path);
      Set<String> others = new HashSet<>(there);
      aliases.fields().keySet().forEach(alias -> others.remove(scope.settings().renamed(alias)));
      List<RawJson> taken = others.stream().map(alias -> Aliases.removed(name, alias)).toList();
      Aliases.add(scope, name, aliases, taken);
    } catch (ServerException e) {
      broken.add(path);
      scope.context().warn(path, "The aliases do not fit: " + e.getMessage());
    }
  }

  private Set<String> aliasesThere() throws IOException {
    Optional<RawJson> all =
        scope.connection().askIfThere(Call.get("/" + Call.step(name) + "/_alias"));
    Optional<RawJson> own = all.isPresent() ? all.get().find(name, "aliases") : Optional.empty();
    return own.isPresent() ? own.get().fields().keySet() : Set.of();
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
