package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Moves the cursor of a source by another thread, some thousand entries ahead of whoever asks:
 * looking at files takes longer than comparing them. Used by one thread; the cursor below is moved
 * by one at a time. Not for sources whose contents must be read before the cursor moves on.
 */
final class WalkAhead implements EntryCursor {

  private static final int BATCH_ENTRIES = 256;

  /** How long a batch waits for more; a source may be slow. */
  private static final long BATCH_NANOS = 20_000_000;

  /** How far ahead it goes; then it rests until half of that is used up. */
  private static final long MOST_BYTES = 1L << 20;

  private static final int ENTRY_BYTES = 1024;

  private final EntryCursor cursor;
  private final Threads threads;
  private final ArrayDeque<Batch> ready = new ArrayDeque<>();
  private Batch current = new Batch(List.of(), 0, Optional.empty(), false);
  private int given;
  private long readyBytes;
  private boolean walking;
  private boolean closed;
  private Optional<Future<?>> walk = Optional.empty();

  /**
   * Some entries in a row.
   *
   * @param bytes how much memory they take, roughly
   * @param failure what came instead of the entry after them
   * @param last whether there are no more
   */
  private record Batch(List<Entry> entries, long bytes, Optional<Throwable> failure, boolean last) {

    boolean ends() {
      return last || failure.isPresent();
    }
  }

  /** Begins to move {@code cursor}. */
  WalkAhead(EntryCursor cursor, Threads threads) {
    this.cursor = cursor;
    this.threads = threads;
    begin();
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
    }
    walk.ifPresent(Threads::settle);
    cursor.close();
  }

  private synchronized Batch take() {
    if (!current.ends() && !walking && readyBytes <= MOST_BYTES / 2 && !lastIsReady()) {
      begin();
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
    Batch next = ready.remove();
    readyBytes -= next.bytes();
    return next;
  }

  private boolean lastIsReady() {
    Batch newest = ready.peekLast();
    return newest != null && newest.ends();
  }

  private synchronized void begin() {
    walking = true;
    walk =
        Optional.of(
            threads.submit(
                Lane.WALK,
                () -> {
                  walk();
                  return Optional.empty();
                }));
  }

  private void walk() {
    boolean going = true;
    while (going) {
      going = give(read());
    }
  }

  private synchronized boolean give(Batch batch) {
    ready.add(batch);
    readyBytes += batch.bytes();
    walking = !closed && !batch.ends() && readyBytes < MOST_BYTES;
    notifyAll();
    return walking;
  }

  private Batch read() {
    List<Entry> entries = new ArrayList<>(BATCH_ENTRIES);
    long bytes = 0;
    long end = System.nanoTime() + BATCH_NANOS;
    try {
      do {
        Optional<Entry> next = cursor.next();
        if (next.isEmpty()) {
          return new Batch(entries, bytes, Optional.empty(), true);
        }
        entries.add(next.get());
        bytes += weight(next.get());
      } while (entries.size() < BATCH_ENTRIES && bytes < MOST_BYTES && System.nanoTime() - end < 0);
      return new Batch(entries, bytes, Optional.empty(), false);
    } catch (IOException | RuntimeException | Error e) {
      return new Batch(entries, bytes, Optional.of(e), false);
    }
  }

  private static long weight(Entry entry) {
    long bytes = ENTRY_BYTES;
    if (!entry.attributes().isEmpty()) {
      for (String name : entry.attributes().names()) {
        bytes += name.length() + entry.attributes().find(name).orElseThrow().length;
      }
    }
    return bytes;
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
