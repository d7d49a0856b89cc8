package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;

/**
 * What a session reads piece by piece. The session goes back once: after the last piece, a failure
 * or closing. Read by one thread; closed by any, which breaks off the statement.
 */
abstract class SessionReading implements Reading {

  /** What happens to the session afterwards. */
  interface End {
    void ended(boolean well) throws IOException;
  }

  /** Tells a failure in words. */
  interface Telling {
    IOException tell(SQLException failure);
  }

  private final String what;
  private final Session session;
  private final Telling telling;
  private final End end;
  private byte[] piece = {};
  private int at;
  private boolean whole;
  private volatile boolean ended;
  private volatile boolean closed;

  /** What is read, for messages, e.g. {@code Rows}; by whom; and what is done in the end. */
  SessionReading(String what, Session session, Telling telling, End end) {
    this.what = what;
    this.session = session;
    this.telling = telling;
    this.end = end;
  }

  final Session session() {
    return session;
  }

  /**
   * Puts in what can be had without a piece of its own; how many bytes, 0 if {@link #next} knows.
   */
  int direct(ByteBuffer into) throws SQLException {
    return 0;
  }

  /** The next bytes; none at the end, after which it is not asked again. */
  abstract byte[] next() throws SQLException, IOException;

  /**
   * Reads what was on its way when the statement was broken off, so that the session can be used;
   * whether the statement ended well nevertheless.
   */
  abstract boolean drain() throws SQLException;

  @Override
  public final synchronized int read(ByteBuffer into) throws IOException {
    if (closed) {
      throw new IOException(what + " were closed while they were read");
    }
    int start = into.position();
    try {
      while (into.hasRemaining() && !whole) {
        if (at == piece.length && direct(into) > 0) {
          continue;
        }
        if (at == piece.length) {
          advance();
        }
        int count = Math.min(piece.length - at, into.remaining());
        into.put(piece, at, count);
        at += count;
      }
    } catch (SQLException failure) {
      finish(false);
      throw closed
          ? new IOException(what + " were closed while they were read", failure)
          : telling.tell(failure);
    }
    int count = into.position() - start;
    return count == 0 && whole ? -1 : count;
  }

  private void advance() throws SQLException, IOException {
    piece = next();
    at = 0;
    if (piece.length == 0) {
      whole = true;
      finish(true);
    }
  }

  private synchronized void finish(boolean well) throws IOException {
    if (!ended) {
      ended = true;
      end.ended(well);
    }
  }

  /** The server is told to break off what is still read; then the reader's call fails. */
  @Override
  public final void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (!ended) {
      session.cancel();
    }
    giveBack();
  }

  private synchronized void giveBack() throws IOException {
    if (ended) {
      return;
    }
    try {
      finish(drain());
    } catch (SQLException brokenOff) {
      finish(false);
    }
  }
}
