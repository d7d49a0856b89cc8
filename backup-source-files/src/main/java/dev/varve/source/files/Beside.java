package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves a cursor by a thread of its own, some hundred entries ahead of whoever asks, because more
 * is to be asked of the system about each of them. Used by one thread.
 */
final class Beside implements EntryCursor, Runnable {

  private static final int BATCH_ENTRIES = 128;

  /** How long a batch waits for more; a file system may be slow. */
  private static final long BATCH_NANOS = 10_000_000;

  /** How many batches it goes ahead. */
  private static final int MOST_BATCHES = 8;

  private final EntryCursor cursor;
  private final Thread thread = new Thread(this, "varve-files-walk");
  private final ArrayDeque<Batch> ready = new ArrayDeque<>();
  private Batch current = new Batch(List.of(), Optional.empty(), false);
  private int given;
  private boolean begun;
  private boolean closed;

  /**
   * Some entries in a row.
   *
   * @param failure what came instead of the entry after them
   * @param last whether there are no more
   */
  private record Batch(List<Entry> entries, Optional<Throwable> failure, boolean last) {

    boolean ends() {
      return last || failure.isPresent();
    }
  }

  /** What moves {@code cursor} as soon as it is asked for an entry. */
  Beside(EntryCursor cursor) {
    this.cursor = cursor;
  }

  @Override
  public Optional<Entry> next() throws IOException {
    while (given == current.entries().size()) {
      if (current.failure().isPresent()) {
        throw failure(current.failure().get());
      }
      if (current.last()) {
        return Optional.empty();
      }
      current = take();
      given = 0;
    }
    return Optional.of(current.entries().get(given++));
  }

  /** Waits until the cursor stands still, and closes it. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    if (begun) {
      settle();
    }
    cursor.close();
  }

  /** Moves the cursor to its end, or until this is closed. */
  @Override
  public void run() {
    boolean going = true;
    while (going) {
      going = give(read());
    }
  }

  private synchronized Batch take() {
    if (!begun) {
      begun = true;
      thread.setDaemon(true);
      thread.start();
    }
    boolean interrupted = false;
    while (ready.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    notifyAll();
    return ready.remove();
  }

  /** Nobody interrupts the thread that gives; if somebody does, it goes farther ahead. */
  private synchronized boolean give(Batch batch) {
    try {
      while (ready.size() >= MOST_BATCHES && !closed) {
        wait();
      }
    } catch (InterruptedException nobody) {
      thread.interrupt();
    }
    ready.add(batch);
    notifyAll();
    return !closed && !batch.ends();
  }

  private Batch read() {
    List<Entry> entries = new ArrayList<>(BATCH_ENTRIES);
    long end = System.nanoTime() + BATCH_NANOS;
    try {
      do {
        Optional<Entry> next = cursor.next();
        if (next.isEmpty()) {
          return new Batch(entries, Optional.empty(), true);
        }
        entries.add(next.get());
      } while (entries.size() < BATCH_ENTRIES && System.nanoTime() - end < 0);
      return new Batch(entries, Optional.empty(), false);
    } catch (IOException | RuntimeException | Error e) {
      return new Batch(entries, Optional.of(e), false);
    }
  }

  private void settle() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static IOException failure(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return (IOException) failure;
  }
}
