package dev.varve.internal.vault;

import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Pieces of reading done by the engine's threads, a few at once; the first failure comes out of
 * whatever is called next. Used by one thread. Closing waits for what still runs.
 */
public final class Work implements AutoCloseable {

  private final Threads threads;
  private final Cancellation cancellation;
  private final ArrayDeque<Future<Optional<Object>>> running = new ArrayDeque<>();

  /** Something to be done. */
  @FunctionalInterface
  public interface Piece {
    /** Does it. */
    void run() throws IOException;
  }

  /** Has pieces done by these threads. */
  public Work(Threads threads, Cancellation cancellation) {
    this.threads = threads;
    this.cancellation = cancellation;
  }

  /** Has a piece done, waiting for others if there are many. */
  public void submit(Piece piece) throws IOException {
    cancellation.check();
    awaitAtMost(2 * threads.parallelism());
    running.add(
        threads.submit(
            Lane.READ,
            () -> {
              cancellation.check();
              piece.run();
              return Optional.empty();
            }));
  }

  /** Waits until all is done. */
  public void await() throws IOException {
    awaitAtMost(0);
  }

  @Override
  public void close() {
    running.forEach(Threads::settle);
  }

  private void awaitAtMost(int most) throws IOException {
    while (running.size() > most) {
      Threads.joinIo(running.remove());
    }
  }
}
