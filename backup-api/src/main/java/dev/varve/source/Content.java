package dev.varve.source;

import dev.varve.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The content of one entry while it is read, by one thread; only {@link #close()} may come from
 * another, and a blocked read must then throw soon.
 */
public interface Content extends Closeable {

  /**
   * Reads some bytes, blocking until there is at least one.
   *
   * @return how many, at least 1; -1 at the end, which is shown only if nothing is missing
   * @throws IOException if the content cannot be read to its end
   */
  int read(ByteBuffer into) throws IOException;

  /**
   * The entry as it is now, asked once after the end was read: with what only reading tells, and
   * without a revision if it changed meanwhile. Path and kind stay; the size is counted by the
   * engine.
   *
   * @throws IOException if that cannot be told; taken as if the content could not be read
   */
  Entry finished() throws IOException;

  /** A content read from a stream, of an entry that does not change. */
  static Content of(Entry entry, InputStream in) {
    return new StreamContent(entry, in);
  }
}
