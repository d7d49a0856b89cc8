package dev.varve.internal.chunkstore;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A bounded number of reusable things, made as they are first needed; whoever finds none waits
 * until one comes back or the pool is told that none will. Safe for use by many threads.
 */
final class Pool<T> {

  private final ArrayDeque<T> idle = new ArrayDeque<>();
  private final Supplier<T> maker;
  private int toMake;
  private Optional<IOException> failure = Optional.empty();

  Pool(int most, Supplier<T> maker) {
    this.toMake = most;
    this.maker = maker;
  }

  /** Takes one, waiting for it if need be. */
  synchronized T take() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        if (failure.isPresent()) {
          throw new IOException(failure.get().getMessage(), failure.get());
        }
        if (!idle.isEmpty()) {
          return idle.pop();
        }
        if (toMake > 0) {
          toMake--;
          return maker.get();
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives one back. */
  synchronized void give(T thing) {
    idle.push(thing);
    notifyAll();
  }

  /** Lets all who wait, now or later, fail with {@code cause}. */
  synchronized void fail(IOException cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
    notifyAll();
  }
}
