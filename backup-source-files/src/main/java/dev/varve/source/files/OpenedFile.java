package dev.varve.source.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file held open for reading. Used by one thread, except for closing. */
interface OpenedFile extends Closeable {

  /** What was held when it was opened, or just before. */
  Stat before();

  /** What its name leads to now. */
  Stat look() throws IOException;

  /** Reads on; -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Whether it was not closed yet. */
  boolean isOpen();
}
