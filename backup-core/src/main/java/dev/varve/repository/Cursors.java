package dev.varve.repository;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Cursors as streams. They are moved by a thread of the engine, some steps at a time: the user's
 * thread may be interrupted, and that would close files under everybody's hands. Stateless.
 */
final class Cursors {

  private static final int STEPS = 128;

  private Cursors() {}

  /** Shows one thing after the other, then nothing. */
  @FunctionalInterface
  interface Cursor<T> {
    Optional<T> next() throws IOException;
  }

  /** What a cursor shows. */
  static <T> Stream<T> stream(Cursor<T> cursor, Mover mover) {
    Iterator<T> iterator =
        new Iterator<>() {
          private final ArrayDeque<T> ahead = new ArrayDeque<>();
          private boolean ended;

          @Override
          public boolean hasNext() {
            if (ahead.isEmpty() && !ended) {
              mover.run(this::fetch);
            }
            return !ahead.isEmpty();
          }

          private void fetch() throws IOException {
            while (ahead.size() < STEPS && !ended) {
              Optional<T> next = cursor.next();
              next.ifPresent(ahead::add);
              ended = next.isEmpty();
            }
          }

          @Override
          public T next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return ahead.remove();
          }
        };
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            iterator, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL),
        false);
  }

  /** Runs work on a thread of the engine and waits for it, its failure told as users see it. */
  @FunctionalInterface
  interface Mover {
    void run(Work work);
  }

  /** Something that moves a cursor. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }
}
