package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.source.SourceContext;
import dev.varve.target.TargetContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Remembers what a source or target says. */
final class RecordingContext implements SourceContext, TargetContext {

  final List<Problem> problems = new CopyOnWriteArrayList<>();
  final List<Entry> restored = new CopyOnWriteArrayList<>();
  final Map<String, Long> counts = new ConcurrentHashMap<>();
  volatile boolean cancelled;
  volatile boolean dryRun;

  /** All problems as lines of text. */
  String text() {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }

  List<String> restoredPaths() {
    return restored.stream().map(e -> e.path().toString()).sorted().toList();
  }

  @Override
  public void warn(EntryPath path, String message) {
    problems.add(new Problem(Optional.of(path), message));
  }

  @Override
  public void warn(String message) {
    problems.add(new Problem(Optional.empty(), message));
  }

  @Override
  public void progress(long bytes, String phase) {}

  @Override
  public void count(String name, long n) {
    counts.merge(name, n, Long::sum);
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public void onCancel(Runnable stop) {}

  @Override
  public boolean dryRun() {
    return dryRun;
  }

  @Override
  public void restored(Entry entry) {
    restored.add(entry);
  }
}
