package dev.varve.source.jdbc.internal.postgresql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * A thousand large objects' numbers, those there are: for each at least one piece, and as many as
 * it takes. A piece is a line {@code <number> <bytes>}, then so many bytes, then a line's end; the
 * pieces of one follow each other, all but the last having {@value #PIECE_BYTES} bytes. Used as
 * {@link SessionReading} says.
 */
final class LargeObjectReading extends SessionReading {

  static final int PIECE_BYTES = 1 << 20;

  private final long end;
  private long number;
  private long offset;
  private boolean inside;

  LargeObjectReading(Session session, long thousand, Telling telling, End after) {
    super("Large objects", session, telling, after);
    this.number = thousand * 1000 - 1;
    this.end = (thousand + 1) * 1000;
  }

  @Override
  byte[] next() throws SQLException {
    if (!inside) {
      if (!advance()) {
        return new byte[0];
      }
      offset = 0;
    }
    try (PreparedStatement statement =
        session().connection().prepareStatement("SELECT lo_get(?::oid, ?, ?)")) {
      statement.setLong(1, number);
      statement.setLong(2, offset);
      statement.setInt(3, PIECE_BYTES);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        byte[] bytes = result.getBytes(1);
        inside = bytes.length == PIECE_BYTES;
        offset += bytes.length;
        byte[] head = (number + " " + bytes.length + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + bytes.length + 1)
            .put(head)
            .put(bytes)
            .put((byte) '\n')
            .array();
      }
    }
  }

  private boolean advance() throws SQLException {
    try (PreparedStatement statement =
        session()
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

  /** Nothing is on its way between two pieces, but a piece may have been broken off. */
  @Override
  boolean drain() {
    return false;
  }
}
