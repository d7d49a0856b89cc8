package dev.varve.internal.index;

import java.io.Closeable;
import java.io.IOException;

/** Goes through rows, ascending as unsigned bytes, each once. Used by one thread. */
public interface RowCursor extends MergedCursor.Step, Closeable {

  @Override
  boolean next() throws IOException;

  /** The row stood at; valid until the next step. */
  byte[] row();

  @Override
  void close() throws IOException;
}
