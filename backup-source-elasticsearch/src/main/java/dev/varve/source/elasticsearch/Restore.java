package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** One restore into a cluster. Used by one thread. */
final class Restore {

  private final Connection connection;
  private final TargetSettings settings;
  private final SnapshotContents contents;
  private final TargetContext context;
  private final SortedMap<String, StoredIndex> indices = new TreeMap<>();

  Restore(
      Connection connection,
      TargetSettings settings,
      SnapshotContents contents,
      TargetContext context) {
    this.connection = connection;
    this.settings = settings;
    this.contents = contents;
    this.context = context;
  }

  void run() throws IOException {
    Cluster cluster = Cluster.ask(connection);
    sort();
    warnOfMissing();
    for (StoredIndex index : indices.values()) {
      if (context.cancelled()) {
        throw new IOException("The restore was cancelled");
      }
      new IndexRestore(connection, cluster, settings, contents, context, index).run();
    }
  }

  private void sort() throws IOException {
    try (EntryCursor entries = contents.entries()) {
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
      int end = path.indexOf('/', Names.INDICES.length());
      String name = end < 0 ? "" : Names.name(path.substring(Names.INDICES.length(), end));
      if (!name.isEmpty() && settings.patterns().admit(name)) {
        EntryPath above = EntryPath.of(path.substring(0, end + 1));
        indices.computeIfAbsent(name, n -> new StoredIndex(name, above)).entries().add(entry);
      }
    }
  }

  private void warnOfMissing() {
    Set<String> missing = new TreeSet<>(settings.patterns().named());
    missing.removeAll(indices.keySet());
    for (String name : missing) {
      context.warn("Index " + name + " is not in the snapshot");
    }
  }
}
