package dev.varve.source.jdbc;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * What a dialect reads of one step, as the content of its entry. Used by one thread, except for
 * closing. A step that cannot be read fails the backup: a dump with a hole restores nothing.
 */
final class JdbcContent implements Content {

  /** The attribute that says how many rows a content holds, in decimal digits. */
  static final String ROWS = "jdbc.rows";

  private final Entry entry;
  private final Reading reading;
  private boolean ended;
  private volatile boolean closed;

  JdbcContent(Entry entry, Reading reading) {
    this.entry = entry;
    this.reading = reading;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    if (ended) {
      return -1;
    }
    try {
      int count = reading.read(into);
      ended = count < 0;
      checkOpen();
      return count;
    } catch (IOException failure) {
      checkOpen();
      throw lost(entry, failure);
    }
  }

  @Override
  public Entry finished() {
    OptionalLong rows = reading.rows();
    return rows.isEmpty()
        ? entry
        : entry.toBuilder()
            .attributes(entry.attributes().with(ROWS, Long.toString(rows.getAsLong())))
            .build();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      reading.close();
    }
  }

  /** The failure of one entry as one of the whole. */
  static SourceLostException lost(Entry entry, IOException failure) {
    return failure instanceof SourceLostException already
        ? already
        : new SourceLostException(entry.path() + ": " + failure.getMessage(), failure);
  }

  /** What was broken off has no end and did not fail by itself. */
  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException(entry.path() + " was closed while it was read");
    }
  }
}
