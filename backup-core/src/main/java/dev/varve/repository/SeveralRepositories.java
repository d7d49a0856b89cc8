package dev.varve.repository;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.CorruptRepositoryException;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.Progress;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.StoreException;
import dev.varve.internal.archive.SharedSource;
import dev.varve.internal.task.Threads;
import dev.varve.source.Source;
import dev.varve.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Several repositories that are fed by one read of a source, each with a store and keys of its own.
 * Safe for use by many threads. Closes none of them.
 *
 * <p>Each commits by itself; one that fails stops no other. The snapshots of one source have the
 * same id in all of them, so that one can stand for the other and a copy passes them over. The
 * slowest sets the pace while the source is read; one that takes nothing for {@link #PATIENCE}
 * while others wait for it is given up. So is one that, after everything was read, comes to no end
 * for as long when another is done: it is cancelled, and nobody knows yet whether its snapshot is
 * there.
 */
public final class SeveralRepositories {

  /** How long a repository may take nothing while others wait. */
  public static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final long LOOK_MILLIS = 250;

  private final List<Repository> repositories;
  private final Duration patience;

  private SeveralRepositories(List<Repository> repositories, Duration patience) {
    this.repositories = List.copyOf(repositories);
    this.patience = patience;
  }

  /**
   * What came of a backup to one of the repositories: a report or a failure.
   *
   * @param repository which one
   * @param report what was done, if it was
   * @param failure why it was not
   */
  public record Outcome(
      Repository repository, Optional<BackupReport> report, Optional<RuntimeException> failure) {}

  /**
   * These repositories; a restore tries them in this order.
   *
   * @throws ConfigurationException if there are none, or one is given twice
   */
  public static SeveralRepositories of(List<Repository> repositories) {
    Set<String> ids = new HashSet<>();
    for (Repository repository : repositories) {
      if (!ids.add(repository.id())) {
        throw new ConfigurationException(
            repository + " is given twice; give each of several repositories once");
      }
    }
    if (repositories.isEmpty()) {
      throw new ConfigurationException("No repository is given; give one or more");
    }
    return new SeveralRepositories(repositories, PATIENCE);
  }

  /** These repositories; a restore tries them in this order. */
  public static SeveralRepositories of(Repository... repositories) {
    return of(List.of(repositories));
  }

  /** The same, but one that takes nothing is given up after another time. */
  public SeveralRepositories patience(Duration time) {
    return new SeveralRepositories(repositories, time);
  }

  /** Backs up one source to all of them. */
  public List<Outcome> backup(Source source) {
    return backup(List.of(source), BackupOptions.defaults());
  }

  /**
   * Backs up sources to all repositories, reading them once: in each their snapshots commit
   * together, all or none. A content is read if any of them needs it.
   *
   * <p>If a prune in one of them deletes what its backup relied on before that commits, the sources
   * are read once more for it alone, when the others are done with them, if all of them are {@link
   * Source#rereadable}: its snapshots then show that later view and have ids of their own.
   *
   * <p>The listener hears progress of the first repository that is still at work, and every problem
   * once.
   *
   * @return what came of it, one for each repository in their order; at least one succeeded
   * @throws BackupException as the first repository's, if all failed
   */
  public List<Outcome> backup(List<? extends Source> sources, BackupOptions options) {
    List<CompletableFuture<BackupReport>> results = new ArrayList<>();
    repositories.forEach(repository -> results.add(new CompletableFuture<>()));
    List<SharedSource> shared = new ArrayList<>();
    for (Source source : sources) {
      shared.add(
          new SharedSource(
              source,
              repositories.size(),
              patience,
              number ->
                  results.get(number).completeExceptionally(stalled(repositories.get(number)))));
    }
    Semaphore ended = new Semaphore(0);
    AloneReads alone = new AloneReads(sources);
    CommonListener listener = new CommonListener(options.listener(), results);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < repositories.size(); i++) {
      int number = i;
      threads.add(
          Threads.caller(
              "varve-several-" + (i + 1),
              () -> {
                BackupOptions own = options.toBuilder().listener(listener.of(number)).build();
                backUp(number, shared, alone, own, results.get(number));
                ended.release();
              }));
    }
    await(shared, alone, results, threads, ended);
    return outcomes(results);
  }

  /**
   * Restores from the first repository that has what is wanted and can be read, going on to the
   * next where it cannot. Pieces of contents that are lost there are taken from those after it that
   * have the same snapshot, or a copy of it.
   *
   * @param choice which snapshot, of those that a repository has
   * @throws BackupException as the first repository's, if all failed
   * @throws ConfigurationException if none has it
   */
  public RestoreReport restore(
      Function<Snapshots, Optional<Snapshot>> choice, Target target, RestoreOptions options) {
    List<BackupException> failures = new ArrayList<>();
    for (Repository repository : repositories) {
      try {
        Optional<Snapshot> snapshot = choice.apply(repository.snapshots());
        if (snapshot.isPresent()) {
          return repository.restore(snapshot.get(), target, options, after(repository));
        }
      } catch (StoreException | CorruptRepositoryException e) {
        Problem problem =
            new Problem(Optional.empty(), e.getMessage() + "; the next repository is tried");
        options.listener().problem(problem);
        failures.add(e);
      }
    }
    if (failures.isEmpty()) {
      throw new ConfigurationException(
          "None of the " + repositories.size() + " repositories has this snapshot");
    }
    throw withSuppressed(failures);
  }

  private List<Repository> after(Repository repository) {
    return repositories.subList(repositories.indexOf(repository) + 1, repositories.size());
  }

  private void backUp(
      int number,
      List<SharedSource> shared,
      AloneReads alone,
      BackupOptions options,
      CompletableFuture<BackupReport> result) {
    Repository repository = repositories.get(number);
    try {
      List<Source> branches = shared.stream().map(source -> source.branch(number)).toList();
      result.complete(repository.backup(branches, options));
    } catch (ConflictException overtaken) {
      shared.forEach(source -> source.leave(number));
      if (alone.mayFollow(overtaken)) {
        alone.backUp(repository, shared, options, result);
      } else {
        result.completeExceptionally(overtaken);
      }
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      shared.forEach(source -> source.leave(number));
    }
  }

  /** Waits for all results, long for one that is still missing when everything was read. */
  private void await(
      List<SharedSource> shared,
      AloneReads alone,
      List<CompletableFuture<BackupReport>> results,
      List<Thread> threads,
      Semaphore ended) {
    boolean interrupted = false;
    int missing = results.size();
    long sinceNanos = System.nanoTime();
    while (missing > 0) {
      try {
        boolean oneMore = ended.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (oneMore || alone.any() || !shared.stream().allMatch(SharedSource::isOver)) {
          sinceNanos = System.nanoTime();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        threads.forEach(Thread::interrupt);
      }
      boolean oneDone = results.stream().anyMatch(r -> r.isDone() && !r.isCompletedExceptionally());
      if (oneDone && System.nanoTime() - sinceNanos > patience.toNanos()) {
        giveUpMissing(results, threads);
      }
      missing = (int) results.stream().filter(result -> !result.isDone()).count();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveUpMissing(List<CompletableFuture<BackupReport>> results, List<Thread> threads) {
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).completeExceptionally(unended(repositories.get(i)))) {
        threads.get(i).interrupt();
      }
    }
  }

  private List<Outcome> outcomes(List<CompletableFuture<BackupReport>> results) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Repository repository = repositories.get(i);
      Optional<BackupReport> report = Optional.empty();
      Optional<RuntimeException> failure = Optional.empty();
      try {
        report = Optional.of(results.get(i).join());
      } catch (CompletionException e) {
        failure = Optional.of(failure(e));
      }
      outcomes.add(new Outcome(repository, report, failure));
    }
    List<RuntimeException> failures =
        outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList();
    if (failures.size() == outcomes.size()) {
      throw withSuppressed(failures);
    }
    return outcomes;
  }

  private static RuntimeException failure(CompletionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException("A backup failed in a way that none can", e);
  }

  private static <E extends RuntimeException> E withSuppressed(List<E> failures) {
    E first = failures.get(0);
    failures.subList(1, failures.size()).forEach(first::addSuppressed);
    return first;
  }

  private StoreException stalled(Repository repository) {
    return new StoreException(
        "Backing up to "
            + repository.location()
            + " was given up: it took nothing for "
            + patience.toMinutes()
            + " minutes while the others waited. Check that the store is reachable, then run it"
            + " again");
  }

  private StoreException unended(Repository repository) {
    return new StoreException(
        "Backing up to "
            + repository.location()
            + " was given up: everything was read, but it came to no end for "
            + patience.toMinutes()
            + " minutes more. Its snapshot may be there nevertheless: look when the store answers"
            + " again, then run it again");
  }

  /** Tells one listener what several backups tell, one call at a time. */
  private static final class CommonListener {

    private static final int MOST_REMEMBERED = BackupReport.MAX_PROBLEMS;

    private final Listener listener;
    private final List<CompletableFuture<BackupReport>> results;
    private final Set<Problem> told = new HashSet<>();

    CommonListener(Listener listener, List<CompletableFuture<BackupReport>> results) {
      this.listener = listener;
      this.results = results;
    }

    Listener of(int number) {
      return new Listener() {
        @Override
        public void progress(Progress progress) {
          synchronized (told) {
            if (isFirst(number)) {
              listener.progress(progress);
            }
          }
        }

        @Override
        public void problem(Problem problem) {
          synchronized (told) {
            boolean fresh = told.size() < MOST_REMEMBERED ? told.add(problem) : isFirst(number);
            if (fresh) {
              listener.problem(problem);
            }
          }
        }
      };
    }

    /** Whether none before it is still at work. */
    private boolean isFirst(int number) {
      return results.subList(0, number).stream().allMatch(CompletableFuture::isDone);
    }
  }
}
