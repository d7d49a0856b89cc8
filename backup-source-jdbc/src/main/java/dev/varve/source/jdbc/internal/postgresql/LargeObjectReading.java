package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * A thousand large objects' numbers, those there are: for each at least one piece, and as many as
 * it takes. A piece is a line {@code <number> <bytes>}, then so many bytes, then a line's end; the
 * pieces of one follow each other, all but the last having {@value #PIECE_BYTES} bytes. Read by one
 * thread; closed by any.
 */
final class LargeObjectReading implements Reading {

  static final int PIECE_BYTES = 1 << 20;

  private static final byte[] LINE_END = {'\n'};

  private final Session session;
  private final long end;
  private final CopyReading.Telling telling;
  private final CopyReading.End after;
  private long number;
  private long offset;
  private boolean inside;
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private boolean done;
  private volatile boolean ended;
  private volatile boolean closed;

  LargeObjectReading(
      Session session, long thousand, CopyReading.Telling telling, CopyReading.End after) {
    this.session = session;
    this.number = thousand * 1000 - 1;
    this.end = (thousand + 1) * 1000;
    this.telling = telling;
    this.after = after;
  }

  @Override
  public synchronized int read(ByteBuffer into) throws IOException {
    if (closed) {
      throw new IOException("Large objects were closed while they were read");
    }
    try {
      while (!piece.hasRemaining()) {
        if (done || !next()) {
          return -1;
        }
      }
    } catch (SQLException failure) {
      finish(false);
      throw closed
          ? new IOException("Large objects were closed while they were read", failure)
          : telling.tell(failure);
    }
    int count = Math.min(piece.remaining(), into.remaining());
    into.put(piece.slice().limit(count));
    piece.position(piece.position() + count);
    return count;
  }

  private boolean next() throws SQLException, IOException {
    if (!inside) {
      if (!advance()) {
        done = true;
        finish(true);
        return false;
      }
      inside = true;
      offset = 0;
    }
    try (PreparedStatement statement =
        session.connection().prepareStatement("SELECT lo_get(?::oid, ?, ?)")) {
      statement.setLong(1, number);
      statement.setLong(2, offset);
      statement.setInt(3, PIECE_BYTES);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        byte[] bytes = result.getBytes(1);
        inside = bytes.length == PIECE_BYTES;
        offset += bytes.length;
        byte[] head = (number + " " + bytes.length + "\n").getBytes(StandardCharsets.US_ASCII);
        piece = ByteBuffer.allocate(head.length + bytes.length + LINE_END.length);
        piece.put(head).put(bytes).put(LINE_END).flip();
      }
    }
    return true;
  }

  private boolean advance() throws SQLException {
    try (PreparedStatement statement =
        session
            .connection()
            .prepareStatement(
                "SELECT oid::bigint FROM pg_largeobject_metadata WHERE oid > ?::bigint::oid"
                    + " AND oid::bigint < ? ORDER BY oid LIMIT 1")) {
      statement.setLong(1, Math.max(0, number));
      statement.setLong(2, end);
      try (ResultSet result = statement.executeQuery()) {
        boolean found = result.next();
        number = found ? result.getLong(1) : number;
        return found;
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  private synchronized void finish(boolean well) throws IOException {
    if (!ended) {
      ended = true;
      after.ended(well);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (!ended) {
      session.cancel();
    }
    finish(false);
  }
}
