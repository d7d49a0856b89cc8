package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.postgresql.copy.CopyOut;

/**
 * Rows as {@code COPY} writes them, as text. Read by one thread; closed by any, which breaks off
 * the statement.
 */
final class CopyReading implements Reading {

  /** What happens to the session afterwards. */
  interface End {
    void ended(boolean well) throws IOException;
  }

  /** Tells a failure in words. */
  interface Telling {
    IOException tell(SQLException failure);
  }

  private final Session session;
  private final CopyOut copy;
  private final Telling telling;
  private final End end;
  private byte[] row = {};
  private int at;
  private long rows = -1;
  private volatile boolean ended;
  private volatile boolean closed;

  CopyReading(Session session, String sql, Telling telling, End end) throws SQLException {
    this.session = session;
    this.telling = telling;
    this.end = end;
    this.copy = session.driver().getCopyAPI().copyOut(sql);
  }

  @Override
  public synchronized int read(ByteBuffer into) throws IOException {
    if (closed) {
      throw new IOException("Rows were closed while they were read");
    }
    int start = into.position();
    try {
      while (into.hasRemaining()) {
        if (at == row.length && !next()) {
          break;
        }
        int count = Math.min(row.length - at, into.remaining());
        into.put(row, at, count);
        at += count;
      }
    } catch (SQLException failure) {
      finish(false);
      throw closed
          ? new IOException("Rows were closed while they were read", failure)
          : telling.tell(failure);
    }
    int count = into.position() - start;
    return count == 0 && rows >= 0 ? -1 : count;
  }

  private boolean next() throws SQLException, IOException {
    if (rows >= 0) {
      return false;
    }
    byte[] next = copy.readFromCopy();
    if (next == null) {
      rows = copy.getHandledRowCount();
      finish(true);
      return false;
    }
    row = next;
    at = 0;
    return true;
  }

  @Override
  public OptionalLong rows() {
    return rows < 0 ? OptionalLong.empty() : OptionalLong.of(rows);
  }

  private synchronized void finish(boolean well) throws IOException {
    if (!ended) {
      ended = true;
      end.ended(well);
    }
  }

  /** Breaks off what is still read: the server is told, then the reader's call fails. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (!ended) {
      session.cancel();
    }
    drain();
  }

  /** What came before the server noticed is read to its end, so that the session can be used. */
  private synchronized void drain() throws IOException {
    if (ended) {
      return;
    }
    try {
      while (copy.isActive() && copy.readFromCopy() != null) {
        at = 0;
      }
      finish(true);
    } catch (SQLException brokenOff) {
      finish(false);
    }
  }
}
