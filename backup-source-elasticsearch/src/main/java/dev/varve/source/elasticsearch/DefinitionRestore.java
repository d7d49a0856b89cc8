package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** Restores things of one kind that are no indices. Used by one thread. */
final class DefinitionRestore {

  private static final String SUFFIX = ".json";

  private final RestoreScope scope;
  private final DefinitionKind kind;

  DefinitionRestore(RestoreScope scope, DefinitionKind kind) {
    this.scope = scope;
    this.kind = kind;
  }

  void run(List<Entry> entries) throws IOException {
    SortedMap<String, RawJson> there = kind.list(scope.connection());
    for (Entry entry : entries) {
      String path = EntryPath.textOf(entry.path().bytes());
      if (!path.endsWith(SUFFIX)) {
        scope.refuse(entry, "this is nothing that a search cluster has");
        continue;
      }
      String name =
          Names.name(path.substring(kind.directory().length(), path.length() - SUFFIX.length()));
      try {
        restore(entry, name, there);
      } catch (ServerException e) {
        scope.refuse(entry, String.valueOf(e.getMessage()));
      }
    }
  }

  private void restore(Entry entry, String name, SortedMap<String, RawJson> there)
      throws IOException {
    RawJson stored = scope.json(entry.path());
    RawJson known = there.get(name);
    if (known != null && known.canonical().equals(stored.canonical())) {
      scope.context().restored(entry);
      return;
    }
    if (known != null && scope.isMode(ElasticsearchTarget.Mode.REFUSE)) {
      scope.refuse(
          entry,
          "there is another of this name already ("
              + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + "); choose to merge or purge to replace it");
      return;
    }
    if (!scope.context().dryRun()) {
      scope
          .connection()
          .ask(
              known == null
                  ? kind.put(name, stored)
                  : kind.replace(scope.connection(), name, stored));
    }
    scope.context().restored(entry);
  }
}
