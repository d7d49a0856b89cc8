package dev.varve.repository;

import java.util.function.Supplier;

/** Lets verbs in until it is closed, which waits for those inside. Safe for use by many threads. */
final class OpenGate {

  private int inside;
  private boolean closed;

  /**
   * The result of {@code work}, done inside.
   *
   * @throws IllegalStateException if the repository is closed
   */
  <T> T within(Supplier<T> work) {
    enter();
    try {
      return work.get();
    } finally {
      leave();
    }
  }

  /** Lets nobody in any more and waits until all are out; false if that was done already. */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    boolean interrupted = false;
    while (inside > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return first;
  }

  private synchronized void enter() {
    if (closed) {
      throw new IllegalStateException("The repository is closed");
    }
    inside++;
  }

  private synchronized void leave() {
    inside--;
    notifyAll();
  }
}
