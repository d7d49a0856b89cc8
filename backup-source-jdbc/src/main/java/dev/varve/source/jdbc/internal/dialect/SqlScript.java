package dev.varve.source.jdbc.internal.dialect;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Writes a dump as a script for the database's own command-line client. Used by one thread. */
public interface SqlScript extends Closeable {

  /** Writes one step; steps come in the order of the plan. */
  void write(Step step, InputStream content) throws IOException;

  /** Writes what ends the script; leaves the stream below open. */
  @Override
  void close() throws IOException;
}
