package dev.varve.repository;

import dev.varve.Listener;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs verbs of a repository on its threads while their callers wait, until it is closed. Safe for
 * use by many threads. Knows no verb.
 */
final class Engine {

  private final Vault vault;
  private final OpenGate gate = new OpenGate();

  Engine(Vault vault) {
    this.vault = vault;
  }

  /** What the repository is asked to do. */
  @FunctionalInterface
  interface Verb<T> {
    T run(Reporter reporter, Cancellation cancellation) throws IOException;
  }

  /**
   * The result of a verb, its failure told as that of {@code attempt}.
   *
   * @param attempt what is done on what, e.g. {@code Listing the snapshots of /srv/backups}
   * @throws IllegalStateException if the repository is closed
   */
  <T> T run(String attempt, Verb<T> verb) {
    return run(attempt, Listener.NONE, verb);
  }

  /** As {@link #run(String, Verb)}, telling a listener how it goes. */
  <T> T run(String attempt, Listener listener, Verb<T> verb) {
    Cancellation cancellation = new Cancellation();
    return open(
        () ->
            Verbs.run(
                attempt,
                () ->
                    vault
                        .threads()
                        .run(cancellation, () -> verb.run(new Reporter(listener), cancellation))));
  }

  /** As {@link #run(String, Listener, Verb)}, its time measured as that of {@code name}. */
  <T> T measured(String name, String attempt, Listener listener, Verb<T> verb) {
    return measured(name, () -> run(attempt, listener, verb));
  }

  /** The result of what runs verbs, its time measured. */
  static <T> T measured(String name, Supplier<T> verbs) {
    long began = System.nanoTime();
    boolean done = false;
    try {
      T result = verbs.get();
      done = true;
      return result;
    } finally {
      Meters.verb(name, done, Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** Moves cursors on threads of the engine. */
  Cursors.Mover mover(String attempt) {
    return work ->
        run(
            attempt,
            (reporter, cancellation) -> {
              work.run();
              return work;
            });
  }

  /** The result of {@code work}, during which the repository stays open. */
  <T> T open(Supplier<T> work) {
    return gate.within(work);
  }

  /** Waits for verbs that run, and lets go of everything. */
  void close(String attempt) {
    if (gate.close()) {
      Verbs.run(
          attempt,
          () -> {
            vault.close();
            return attempt;
          });
    }
  }
}
