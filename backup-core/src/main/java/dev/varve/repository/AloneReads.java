package dev.varve.repository;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.ConflictException;
import dev.varve.internal.archive.ReadOnceException;
import dev.varve.internal.archive.SharedSource;
import dev.varve.source.Source;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads shared sources once more, for a repository whose backup was overtaken by a prune: when
 * nobody reads them any more, for one repository at a time. Safe for use by many threads.
 */
final class AloneReads {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  private final List<? extends Source> sources;
  private final Lock turn = new ReentrantLock(true);
  private final AtomicInteger going = new AtomicInteger();

  /** Reads these. */
  AloneReads(List<? extends Source> sources) {
    this.sources = List.copyOf(sources);
  }

  /** Whether reading once more helps and is possible, after such a failure. */
  boolean mayFollow(ConflictException overtaken) {
    return overtaken.getCause() instanceof ReadOnceException
        && sources.stream().allMatch(Source::rereadable);
  }

  /** Whether any repository is at it, or waits for its turn. */
  boolean any() {
    return going.get() > 0;
  }

  /** Backs up to a repository by itself. An interrupt while it waits is seen by its backup. */
  void backUp(
      Repository repository,
      List<SharedSource> shared,
      BackupOptions options,
      CompletableFuture<BackupReport> result) {
    going.incrementAndGet();
    try {
      LOG.warn(
          "A prune overtook the backup to {}; it will read again by itself", repository.location());
      shared.forEach(SharedSource::awaitOver);
      turn.lock();
      try {
        result.complete(repository.backup(sources, options));
      } finally {
        turn.unlock();
      }
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      going.decrementAndGet();
    }
  }
}
