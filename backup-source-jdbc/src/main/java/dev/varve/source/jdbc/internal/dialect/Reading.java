package dev.varve.source.jdbc.internal.dialect;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The content of one step while it is dumped, read by one thread; closing may come from another,
 * and a blocked read then throws soon (it cancels the statement).
 */
public interface Reading extends Closeable {

  /**
   * Reads some bytes, blocking until there is at least one; -1 at the end, which is shown only if
   * nothing is missing.
   *
   * @throws IOException if it cannot be read to its end
   */
  int read(ByteBuffer into) throws IOException;

  /** How many rows were read, asked after the end; empty where it holds no rows. */
  OptionalLong rows();
}
