package dev.varve.repository;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Cursors as streams, read on the thread that uses the stream. Stateless. */
final class Cursors {

  private Cursors() {}

  /** Shows one thing after the other, then nothing. */
  @FunctionalInterface
  interface Cursor<T> {
    Optional<T> next() throws IOException;
  }

  /** What a cursor shows, failures told as those of {@code attempt}. */
  static <T> Stream<T> stream(String attempt, OpenGate gate, Cursor<T> cursor) {
    Iterator<T> iterator =
        new Iterator<>() {
          private Optional<T> ahead = Optional.empty();
          private boolean ended;

          @Override
          public boolean hasNext() {
            if (ahead.isEmpty() && !ended) {
              ahead = gate.within(() -> Verbs.run(attempt, cursor::next));
              ended = ahead.isEmpty();
            }
            return ahead.isPresent();
          }

          @Override
          public T next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            T next = ahead.orElseThrow();
            ahead = Optional.empty();
            return next;
          }
        };
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            iterator, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL),
        false);
  }
}
