package dev.varve.source;

import dev.varve.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;

/** Shows entries one after the other, strictly ascending by path. Used by one thread at a time. */
public interface EntryCursor extends Closeable {

  /**
   * The next entry; empty at the end, and from then on.
   *
   * @throws IOException if the rest cannot be told, which is never taken for the end
   */
  Optional<Entry> next() throws IOException;

  @Override
  default void close() throws IOException {}

  /** A cursor over entries that are at hand, already ascending. */
  static EntryCursor of(Iterable<Entry> entries) {
    Iterator<Entry> iterator = entries.iterator();
    return () -> iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
  }
}
