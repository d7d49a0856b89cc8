package dev.varve.source.jdbc.internal.postgresql;

import java.sql.SQLException;
import java.util.OptionalLong;
import org.postgresql.copy.CopyOut;

/** Rows as {@code COPY} writes them, as text. Used as {@link SessionReading} says. */
final class CopyReading extends SessionReading {

  private static final byte[] NOTHING = {};

  private final CopyOut copy;
  private long rows = -1;

  CopyReading(Session session, String sql, Telling telling, End end) throws SQLException {
    super("Rows", session, telling, end);
    this.copy = session.driver().getCopyAPI().copyOut(sql);
  }

  @Override
  byte[] next() throws SQLException {
    byte[] row = copy.readFromCopy();
    if (row == null) {
      rows = copy.getHandledRowCount();
      return NOTHING;
    }
    return row;
  }

  @Override
  boolean drain() throws SQLException {
    boolean more = copy.isActive();
    while (more) {
      more = copy.readFromCopy() != null;
    }
    return true;
  }

  @Override
  public OptionalLong rows() {
    return rows < 0 ? OptionalLong.empty() : OptionalLong.of(rows);
  }
}
