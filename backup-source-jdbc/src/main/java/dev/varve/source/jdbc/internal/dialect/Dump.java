package dev.varve.source.jdbc.internal.dialect;

import java.io.Closeable;
import java.io.IOException;

/**
 * One consistent view of a database while it is dumped: every step shows the state of one instant.
 * Safe for use by {@link #parallelReads()} threads at once.
 */
public interface Dump extends Closeable {

  /** What there is and how it is restored; paths are unique. */
  Plan plan();

  /** About how many bytes the content of a step has; 0 if it is few or nobody knows. */
  default long expectedBytes(Step step) {
    return 0;
  }

  /** How many contents may be open at once, from 1. */
  int parallelReads();

  /**
   * Opens the content of a step; more than once if asked.
   *
   * @throws IOException if it cannot be read; {@link dev.varve.source.SourceLostException} if the
   *     view is lost
   */
  Reading open(Step step) throws IOException;

  /**
   * Everything was read: the last chance to fail.
   *
   * @throws IOException if the view was not what it should have been
   */
  void finish() throws IOException;

  /** Ends the view and closes the connections. */
  @Override
  void close() throws IOException;
}
