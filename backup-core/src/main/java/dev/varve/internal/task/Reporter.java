package dev.varve.internal.task;

import dev.varve.BackupReport;
import dev.varve.EntryPath;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what one verb has to tell, and tells its listener, one call at a time and progress a few
 * times a second at most. Safe for use by many threads.
 */
public final class Reporter {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Listener listener;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private String phase = "starting";
  private long problemCount;
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private OptionalLong totalEntries = OptionalLong.empty();
  private OptionalLong totalBytes = OptionalLong.empty();
  private final long pauseNanos;
  private volatile long told;

  /** Tells {@code listener}. */
  public Reporter(Listener listener) {
    this(listener, PAUSE);
  }

  /** Tells {@code listener} of progress after a pause of at least this length. */
  public Reporter(Listener listener, Duration pause) {
    this.listener = listener;
    this.pauseNanos = pause.toNanos();
    this.told = System.nanoTime() - pauseNanos;
  }

  /** Begins something else, counting from 0. */
  public synchronized void phase(String phase, OptionalLong totalEntries, OptionalLong totalBytes) {
    this.phase = phase;
    this.totalEntries = totalEntries;
    this.totalBytes = totalBytes;
    entries.set(0);
    bytes.set(0);
    tell(Optional.empty());
  }

  /** From now on it is known how much there is to do in this phase. */
  public synchronized void totals(long totalEntries, long totalBytes) {
    this.totalEntries = OptionalLong.of(totalEntries);
    this.totalBytes = OptionalLong.of(totalBytes);
  }

  /** So much more is done. */
  public void done(long moreEntries, long moreBytes, Optional<EntryPath> current) {
    entries.addAndGet(moreEntries);
    bytes.addAndGet(moreBytes);
    if (System.nanoTime() - told >= pauseNanos) {
      tellAgain(current);
    }
  }

  private synchronized void tellAgain(Optional<EntryPath> current) {
    if (System.nanoTime() - told >= pauseNanos) {
      tell(current);
    }
  }

  /** Something went wrong while the rest goes on. */
  public synchronized void problem(Problem problem) {
    problemCount++;
    if (problems.size() < BackupReport.MAX_PROBLEMS) {
      problems.add(problem);
    }
    LOG.warn("{}", problem);
    try {
      listener.problem(problem);
    } catch (RuntimeException e) {
      LOG.error("The listener failed on a problem", e);
    }
  }

  /** How far the problems had come. */
  public record Mark(int problems, long count) {}

  /** How far the problems have come. */
  public synchronized Mark mark() {
    return new Mark(problems.size(), problemCount);
  }

  /** What is tried again begins anew: its problems since then do not count any more. */
  public synchronized void backTo(Mark mark) {
    problems.subList(mark.problems(), problems.size()).clear();
    problemCount = mark.count();
  }

  /** Adds to a count. */
  public synchronized void count(String name, long n) {
    counts.merge(name, n, Long::sum);
  }

  /** Tells how far it has come, now. */
  public synchronized void flush() {
    tell(Optional.empty());
  }

  /** The first problems. */
  public synchronized List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** How many problems there were. */
  public synchronized long problemCount() {
    return problemCount;
  }

  /** All counts. */
  public synchronized Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  private void tell(Optional<EntryPath> current) {
    told = System.nanoTime();
    long done = bytes.get();
    // A source that shows no sizes, or others than it then has, does not tell how much there is.
    boolean exceeded = totalBytes.isPresent() && totalBytes.getAsLong() < done;
    try {
      listener.progress(
          new Progress(
              phase,
              entries.get(),
              done,
              totalEntries,
              exceeded ? OptionalLong.empty() : totalBytes,
              current));
    } catch (RuntimeException e) {
      LOG.error("The listener failed on progress", e);
    }
  }
}
