package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.Problem;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceRun;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads sources as the engine does. */
final class Sources {

  /** As if enough time had passed for every ctime to be settled. */
  static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10));

  private Sources() {}

  /** All problems as lines of text. */
  static String text(RecordingContext context) {
    return context.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }

  /** All that a source has, as if it had been backed up. */
  static MemorySource backedUp(FilesSource source, RecordingContext context) throws IOException {
    MemorySource kept = new MemorySource();
    try (SourceRun run = source.begin(context)) {
      for (Entry entry : entries(run)) {
        if (entry.kind().hasContent()) {
          try {
            byte[] content = content(run, entry);
            kept.put(entry.toBuilder().size(content.length).build(), content);
          } catch (IOException failure) {
            context.warn(entry.path(), "cannot be read: " + Failures.reason(failure));
          }
        } else {
          kept.put(entry);
        }
      }
    }
    return kept;
  }

  static List<Entry> entries(FilesSource source, RecordingContext context) throws IOException {
    try (SourceRun run = source.begin(context)) {
      return entries(run);
    }
  }

  static List<Entry> entries(SourceRun run) throws IOException {
    List<Entry> all = new ArrayList<>();
    try (EntryCursor cursor = run.entries()) {
      for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        all.add(next.get());
      }
    }
    return all;
  }

  /** Paths relative to {@code below}, as printed. */
  static List<String> names(List<Entry> entries, Path below) {
    String prefix = "/" + below;
    return entries.stream()
        .map(e -> "//" + e.path())
        .map(p -> p.startsWith(prefix + "/") ? p.substring(prefix.length() + 1) : p)
        .filter(p -> !p.isEmpty())
        .toList();
  }

  static byte[] content(SourceRun run, Entry entry) throws IOException {
    try (Content content = run.open(entry)) {
      return bytes(content);
    }
  }

  static byte[] bytes(Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (content.read(buffer) >= 0) {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return out.toByteArray();
  }
}
