package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.source.SourceContext;
import dev.varve.target.TargetContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a source or a target is given to speak to in tests; it keeps all that was said. Safe for use
 * by many threads.
 */
public final class RecordingContext implements SourceContext, TargetContext {

  private final boolean dryRun;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Entry> restored = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> progress = new TreeMap<>();
  private final List<Runnable> stops = new ArrayList<>();
  private boolean cancelled;

  /** A context for real work. */
  public RecordingContext() {
    this(false);
  }

  private RecordingContext(boolean dryRun) {
    this.dryRun = dryRun;
  }

  /** A context that asks a target only to say what it would do. */
  public static RecordingContext forDryRun() {
    return new RecordingContext(true);
  }

  /** Cancels the work. */
  public void cancel() {
    List<Runnable> due;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(stops);
    }
    due.forEach(Runnable::run);
  }

  /** All warnings so far. */
  public synchronized List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** The paths warned about so far, each as often as it was. */
  public synchronized List<EntryPath> problemPaths() {
    return problems.stream().flatMap(problem -> problem.path().stream()).toList();
  }

  /** What was said to be restored so far. */
  public synchronized List<Entry> restored() {
    return List.copyOf(restored);
  }

  /** What was counted so far. */
  public synchronized Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  /** The bytes of each phase so far. */
  public synchronized Map<String, Long> progress() {
    return Map.copyOf(progress);
  }

  @Override
  public synchronized void warn(EntryPath path, String message) {
    problems.add(new Problem(Optional.of(path), message));
  }

  @Override
  public synchronized void warn(String message) {
    problems.add(new Problem(Optional.empty(), message));
  }

  @Override
  public synchronized void progress(long bytes, String phase) {
    progress.merge(phase, bytes, Long::sum);
  }

  @Override
  public synchronized void count(String name, long n) {
    counts.merge(name, n, Long::sum);
  }

  @Override
  public synchronized boolean cancelled() {
    return cancelled;
  }

  @Override
  public void onCancel(Runnable stop) {
    synchronized (this) {
      stops.add(stop);
      if (!cancelled) {
        return;
      }
    }
    stop.run();
  }

  @Override
  public boolean dryRun() {
    return dryRun;
  }

  @Override
  public synchronized void restored(Entry entry) {
    restored.add(entry);
  }
}
