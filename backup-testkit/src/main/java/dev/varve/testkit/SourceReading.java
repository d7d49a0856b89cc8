package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Reads sources as backups do. Stateless. */
final class SourceReading {

  private SourceReading() {}

  /** Something done with an entry. */
  @FunctionalInterface
  interface Visit {
    void entry(SourceRun run, Entry entry) throws Exception;
  }

  /** Visits every entry with content while the cursor stands on it, which all sources allow. */
  static void forEach(Source source, Visit visit) throws Exception {
    RecordingContext context = new RecordingContext();
    try (SourceRun run = source.begin(context)) {
      try (EntryCursor cursor = run.entries()) {
        for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          if (next.get().kind().hasContent()) {
            visit.entry(run, next.get());
          }
        }
      }
      run.finish();
    }
  }

  static List<Entry> list(Source source) throws IOException {
    try (SourceRun run = source.begin(new RecordingContext())) {
      return list(run);
    }
  }

  static List<Entry> list(SourceRun run) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (EntryCursor cursor = run.entries()) {
      for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        entries.add(next.get());
      }
    }
    return entries;
  }

  static List<Entry> files(SourceRun run) throws IOException {
    return list(run).stream().filter(entry -> entry.kind().hasContent()).toList();
  }

  static Map<EntryPath, byte[]> readAll(Source source) throws Exception {
    Map<EntryPath, byte[]> read = new TreeMap<>();
    forEach(source, (run, entry) -> read.put(entry.path(), read(run, entry)));
    return read;
  }

  /** The revisions as a backup records them: as told after reading. */
  static Map<EntryPath, Optional<Revision>> readRevisions(Source source) throws Exception {
    Map<EntryPath, Optional<Revision>> revisions = revisions(list(source));
    forEach(
        source,
        (run, entry) -> {
          try (Content content = run.open(entry)) {
            readFully(content);
            revisions.put(entry.path(), content.finished().revision());
          }
        });
    return revisions;
  }

  static Map<EntryPath, Optional<Revision>> revisions(List<Entry> entries) {
    Map<EntryPath, Optional<Revision>> revisions = new TreeMap<>();
    entries.forEach(entry -> revisions.put(entry.path(), entry.revision()));
    return revisions;
  }

  static byte[] read(SourceRun run, Entry entry) throws IOException {
    try (Content content = run.open(entry)) {
      return readFully(content);
    }
  }

  static byte[] readFully(Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean more = true;
    while (more) {
      more = readSome(content, out);
    }
    return out.toByteArray();
  }

  static boolean readSome(Content content, ByteArrayOutputStream out) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(10_000);
    int count = content.read(piece);
    out.write(piece.array(), 0, Math.max(count, 0));
    return count >= 0;
  }

  /** How many bytes there were until the end, or -1 if a failure came first. */
  static int readUntilItFails(Content content, CompletableFuture<Boolean> begun) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      boolean more = readSome(content, out);
      begun.complete(true);
      while (more) {
        more = readSome(content, out);
      }
      return out.size();
    } catch (IOException closed) {
      begun.complete(true);
      return -1;
    }
  }
}
