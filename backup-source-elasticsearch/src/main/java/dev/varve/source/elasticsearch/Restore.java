package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One restore into a cluster, in the order in which one thing needs another. Used by one thread.
 */
final class Restore {

  /** What must be there before indices are; templates must not be, as they would change indices. */
  private static final Set<DefinitionKind> BEFORE_INDICES =
      EnumSet.of(
          DefinitionKind.CLUSTER_SETTINGS,
          DefinitionKind.LIFECYCLE_POLICIES,
          DefinitionKind.STATE_POLICIES,
          DefinitionKind.SCRIPTS,
          DefinitionKind.INGEST_PIPELINES,
          DefinitionKind.SEARCH_PIPELINES);

  private final RestoreScope scope;
  private final Map<DefinitionKind, List<Entry>> definitions = new EnumMap<>(DefinitionKind.class);
  private final SortedMap<String, StoredIndex> indices = new TreeMap<>();
  private final SortedMap<String, StoredIndex> streams = new TreeMap<>();
  private final List<Entry> notes = new ArrayList<>();

  Restore(RestoreScope scope) {
    this.scope = scope;
  }

  void run() throws IOException {
    sort();
    warnOfMissing();
    for (DefinitionKind kind : BEFORE_INDICES) {
      restore(kind);
    }
    for (StoredIndex index : indices.values()) {
      scope.checkGoingOn();
      new IndexRestore(scope, index).run();
    }
    for (DefinitionKind kind : EnumSet.complementOf(EnumSet.copyOf(BEFORE_INDICES))) {
      restore(kind);
    }
    for (StoredIndex stream : streams.values()) {
      scope.checkGoingOn();
      new StreamRestore(scope, stream).run();
    }
    // They are for people; there is nothing to do about them.
    notes.forEach(scope.context()::restored);
  }

  private void sort() throws IOException {
    try (EntryCursor entries = scope.contents().entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        if (next.get().kind().hasContent()) {
          sort(next.get());
        }
      }
    }
  }

  private void sort(Entry entry) {
    String path = EntryPath.textOf(entry.path().bytes());
    if (path.startsWith(Names.INDICES)) {
      if (wants(path, ElasticsearchTarget.Part.INDICES)) {
        add(indices, Names.INDICES, path, entry);
      }
    } else if (path.startsWith(Names.STREAMS)) {
      if (scope.wants(ElasticsearchTarget.Part.DATA_STREAMS)) {
        add(streams, Names.STREAMS, path, entry);
      }
    } else if (path.indexOf('/') < 0) {
      notes.add(entry);
    } else {
      for (DefinitionKind kind : DefinitionKind.values()) {
        if (path.startsWith(kind.directory())) {
          if (scope.wants(kind.part())) {
            definitions.computeIfAbsent(kind, k -> new ArrayList<>()).add(entry);
          }
          return;
        }
      }
      scope.refuse(entry, "this is nothing that a search cluster has");
    }
  }

  private boolean wants(String path, ElasticsearchTarget.Part definition) {
    if (path.endsWith(".ndjson")) {
      return scope.wants(ElasticsearchTarget.Part.DOCUMENTS);
    }
    return scope.wants(
        path.endsWith("/aliases.json") ? ElasticsearchTarget.Part.ALIASES : definition);
  }

  private void add(SortedMap<String, StoredIndex> all, String directory, String path, Entry entry) {
    int end = path.indexOf('/', directory.length());
    String name = end < 0 ? "" : Names.name(path.substring(directory.length(), end));
    if (name.isEmpty()) {
      scope.refuse(entry, "this is nothing that a search cluster has");
    } else if (scope.settings().patterns().admit(name)) {
      EntryPath above = EntryPath.of(path.substring(0, end + 1));
      all.computeIfAbsent(name, n -> new StoredIndex(n, above)).entries().add(entry);
    }
  }

  private void warnOfMissing() {
    Set<String> missing = new TreeSet<>(scope.settings().patterns().named());
    missing.removeAll(indices.keySet());
    missing.removeAll(streams.keySet());
    for (String name : missing) {
      scope.context().warn("Index " + name + " is not in the snapshot");
    }
  }

  private void restore(DefinitionKind kind) throws IOException {
    List<Entry> entries = definitions.getOrDefault(kind, List.of());
    if (!entries.isEmpty()) {
      scope.checkGoingOn();
      new DefinitionRestore(scope, kind).run(entries);
    }
  }
}
