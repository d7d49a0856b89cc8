package dev.varve.repository;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.ConfigurationException;
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
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Several repositories that are fed by one read of a source, each with a store and keys of its own.
 * Safe for use by many threads. Closes none of them.
 *
 * <p>Each commits by itself; one that fails stops no other. The snapshots of one source have the
 * same id in all of them, so that one can stand for the other and a copy passes them over. The
 * slowest sets the pace while the source is read; one that takes nothing for {@link #PATIENCE}
 * while others wait for it is given up.
 */
public final class SeveralRepositories {

  /** How long a repository may take nothing while others wait. */
  public static final Duration PATIENCE = Duration.ofMinutes(30);

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
    CommonListener listener = new CommonListener(options.listener(), results);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < repositories.size(); i++) {
      int number = i;
      threads.add(
          Threads.caller(
              "varve-several-" + (i + 1),
              () -> backUp(number, shared, options, listener, results.get(number))));
    }
    return outcomes(results, threads);
  }

  /**
   * Restores from the first repository that has what is wanted and can be read, going on to the
   * next where it cannot. Pieces of contents that are lost there are taken from those after it that
   * have the same snapshot, or a copy of it, if the target takes contents as they are delivered.
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
      BackupOptions options,
      CommonListener listener,
      CompletableFuture<BackupReport> result) {
    try {
      List<Source> branches = shared.stream().map(source -> source.branch(number)).toList();
      BackupOptions own = options.toBuilder().listener(listener.of(number)).build();
      result.complete(repositories.get(number).backup(branches, own));
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      shared.forEach(source -> source.leave(number));
    }
  }

  private List<Outcome> outcomes(
      List<CompletableFuture<BackupReport>> results, List<Thread> threads) {
    List<Outcome> outcomes = new ArrayList<>();
    boolean interrupted = false;
    for (int i = 0; i < results.size(); i++) {
      Repository repository = repositories.get(i);
      while (outcomes.size() == i) {
        try {
          BackupReport report = results.get(i).get();
          outcomes.add(new Outcome(repository, Optional.of(report), Optional.empty()));
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        } catch (ExecutionException e) {
          outcomes.add(new Outcome(repository, Optional.empty(), Optional.of(failure(e))));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    List<RuntimeException> failures =
        outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList();
    if (failures.size() == outcomes.size()) {
      throw withSuppressed(failures);
    }
    return outcomes;
  }

  private static RuntimeException failure(ExecutionException e) {
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
