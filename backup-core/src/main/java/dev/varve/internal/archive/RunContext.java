package dev.varve.internal.archive;

import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.source.SourceContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How one source speaks while it is read. Safe for use by many threads. */
final class RunContext implements SourceContext {

  private static final int MAX_WARNED = 10_000;

  private final Reporter reporter;
  private final Cancellation cancellation;
  private final SourceProblems problems;
  private final Set<EntryPath> warned = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  RunContext(Reporter reporter, Cancellation cancellation, SourceProblems problems) {
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.problems = problems;
  }

  @Override
  public void warn(EntryPath path, String message) {
    flag(path);
    problem(new Problem(Optional.of(path), message));
  }

  @Override
  public void warn(String message) {
    problem(new Problem(Optional.empty(), message));
  }

  @Override
  public void progress(long bytes, String phase) {
    reporter.done(0, bytes, Optional.empty());
  }

  @Override
  public void count(String name, long n) {
    counts.merge(name, n, Long::sum);
    reporter.count(name, n);
  }

  @Override
  public boolean cancelled() {
    return cancellation.cancelled();
  }

  @Override
  public void onCancel(Runnable stop) {
    cancellation.onCancel(stop);
  }

  Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  /** The entry is to be read again next time, for a reason that was reported before. */
  void flag(EntryPath path) {
    if (warned.size() < MAX_WARNED) {
      warned.add(path);
    }
  }

  /** Whether the source warned about the entry since this was asked last. */
  boolean warnedAbout(EntryPath path) {
    return !warned.isEmpty() && warned.remove(path);
  }

  void problem(Problem problem) {
    problems.add(problem);
    reporter.problem(problem);
  }
}
