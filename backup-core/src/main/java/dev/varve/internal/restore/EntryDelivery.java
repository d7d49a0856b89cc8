package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.internal.task.Reason;
import dev.varve.target.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One entry whose content is being delivered: counts what is still to come, and stops once the
 * receiver failed on it. Safe for use by many threads.
 */
final class EntryDelivery {

  private final Entry entry;
  private final Receiver receiver;
  private final Consumer<Problem> problems;
  private long outstanding = 1;
  private boolean failed;

  /** Starts with one thing outstanding: that all pieces are announced. */
  EntryDelivery(Entry entry, Receiver receiver, Consumer<Problem> problems) {
    this.entry = entry;
    this.receiver = receiver;
    this.problems = problems;
  }

  Entry entry() {
    return entry;
  }

  /** One more piece will come. */
  synchronized void announce() {
    outstanding++;
  }

  /** All pieces are announced. */
  void announced() {
    settle();
  }

  void deliver(long offset, ByteBuffer bytes) {
    attempt(() -> receiver.receive(entry, offset, bytes));
    settle();
  }

  void missing(Hole hole) {
    attempt(() -> receiver.missing(entry, hole));
    settle();
  }

  private void settle() {
    boolean complete;
    synchronized (this) {
      outstanding--;
      complete = outstanding == 0;
    }
    if (complete) {
      attempt(() -> receiver.complete(entry));
    }
  }

  private void attempt(Attempt attempt) {
    synchronized (this) {
      if (failed) {
        return;
      }
    }
    try {
      attempt.run();
    } catch (IOException e) {
      synchronized (this) {
        if (failed) {
          return;
        }
        failed = true;
      }
      problems.accept(
          new Problem(
              Optional.of(entry.path()), "Not restored: it cannot be written: " + Reason.alone(e)));
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }
}
