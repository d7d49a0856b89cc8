package dev.varve.examples;

import dev.varve.Difference;
import dev.varve.Entry;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/** Looks into snapshots without restoring any: lists them, what one holds, and what changed. */
public final class WhatChanged {

  private WhatChanged() {}

  /** Prints all snapshots of a source, and what differs between the last two of them. */
  public static void print(Repository repository, SourceIdentity source, PrintStream out) {
    List<Snapshot> snapshots = repository.snapshots().of(source).list();
    for (Snapshot snapshot : snapshots) {
      long files = snapshot.statistics().files().total();
      out.println(snapshot.id().brief() + " of " + snapshot.time() + ": " + files + " files");
    }
    if (snapshots.size() < 2) {
      return;
    }
    Snapshot before = snapshots.get(snapshots.size() - 2);
    Snapshot after = snapshots.get(snapshots.size() - 1);
    try (Stream<Difference> differences = repository.diff(before, after)) {
      differences.forEach(
          difference -> {
            String what =
                difference.before().isEmpty()
                    ? "added"
                    : difference.after().isEmpty() ? "removed" : "changed";
            out.println(what + " " + difference.path());
          });
    }
  }

  /** The sum of the sizes of everything at or below a path. */
  public static long bytesBelow(Repository repository, Snapshot snapshot, String path) {
    try (Stream<Entry> entries = repository.entries(snapshot, path)) {
      return entries.mapToLong(Entry::size).sum();
    }
  }

  /** The content of one file; every byte of it was verified. */
  public static byte[] content(Repository repository, Snapshot snapshot, String path)
      throws IOException {
    try (InputStream content = repository.content(snapshot, path)) {
      return content.readAllBytes();
    }
  }
}
