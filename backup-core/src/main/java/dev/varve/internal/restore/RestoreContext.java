package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.RestoreReport;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.target.TargetContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How one target speaks while it writes, and what came of it. Safe for use by many threads. */
final class RestoreContext implements TargetContext {

  private static final int MAX_HOLES = 10_000;
  private static final int MAX_UNDECIDED = 10_000;

  private final Reporter reporter;
  private final Cancellation cancellation;
  private final boolean dryRun;
  private final Set<EntryPath> undecided = ConcurrentHashMap.newKeySet();
  private final List<Hole> holes = new ArrayList<>();
  private final Set<EntryPath> stretches = new HashSet<>();
  private long holeCount;
  private long entries;
  private long bytes;

  RestoreContext(Reporter reporter, Cancellation cancellation, boolean dryRun) {
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.dryRun = dryRun;
  }

  @Override
  public boolean dryRun() {
    return dryRun;
  }

  @Override
  public void restored(Entry entry) {
    synchronized (this) {
      entries++;
    }
    reporter.done(1, 0, Optional.of(entry.path()));
  }

  @Override
  public void warn(EntryPath path, String message) {
    reporter.problem(new Problem(Optional.of(path), message));
  }

  @Override
  public void warn(String message) {
    reporter.problem(new Problem(Optional.empty(), message));
  }

  @Override
  public void progress(long bytes, String phase) {
    reporter.done(0, bytes, Optional.empty());
  }

  @Override
  public void count(String name, long n) {
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

  /** A path is restored because a filter would take too long to decide; told once. */
  void undecided(EntryPath path) {
    if (undecided.size() < MAX_UNDECIDED && undecided.add(path)) {
      warn(path, "is restored: a regular expression to exclude by takes too long on it");
    }
  }

  /** A stretch of the catalog is lost; told once, however many cursors meet it. */
  void lost(EntryPath from, Optional<EntryPath> before, String reason) {
    synchronized (this) {
      if (!stretches.add(from)) {
        return;
      }
    }
    warn(
        from,
        "Not restored: the list of entries is lost from here "
            + before.map(path -> "up to " + path).orElse("to its end")
            + ": "
            + reason);
  }

  synchronized boolean lostEntries() {
    return !stretches.isEmpty();
  }

  void hole(Hole hole) {
    synchronized (this) {
      holeCount++;
      if (holes.size() < MAX_HOLES) {
        holes.add(hole);
      }
    }
  }

  void delivered(Entry entry, long moreBytes) {
    synchronized (this) {
      bytes += moreBytes;
    }
    reporter.done(0, moreBytes, Optional.of(entry.path()));
  }

  /** A target took so much by itself; it tells its progress by itself, too. */
  synchronized void handedOut(long moreBytes) {
    bytes += moreBytes;
  }

  synchronized RestoreReport report() {
    return new RestoreReport(
        entries,
        bytes,
        reporter.problems(),
        reporter.problemCount(),
        holes,
        holeCount,
        reporter.counts());
  }
}
