package dev.varve.internal.log;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of work done by the caller and by whatever threads an executor has to spare; if it has
 * none, by the caller alone, so that it cannot wait for itself.
 */
final class SharedWork {

  private static final int MOST_OTHERS = 31;

  private final int count;
  private final Piece piece;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch done;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private SharedWork(int count, Piece piece) {
    this.count = count;
    this.piece = piece;
    this.done = new CountDownLatch(count);
  }

  /** One piece of work. */
  interface Piece {
    void run(int number) throws IOException;
  }

  /** Runs pieces 0 to {@code count - 1}; fails with what the first one to fail failed with. */
  static void run(int count, Piece piece, Executor executor) throws IOException {
    SharedWork work = new SharedWork(count, piece);
    try {
      for (int i = 1; i < Math.min(count, MOST_OTHERS + 1); i++) {
        executor.execute(work::take);
      }
    } catch (RejectedExecutionException e) {
      // No thread to spare: the caller does the rest.
    }
    work.take();
    work.await();
  }

  private void take() {
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      try {
        if (failure.get() == null) {
          piece.run(i);
        }
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        done.countDown();
      }
    }
  }

  /** Waits without being interrupted: engine reads end by themselves. */
  private void await() throws IOException {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure.get();
    if (thrown instanceof IOException e) {
      throw e;
    } else if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }
}
