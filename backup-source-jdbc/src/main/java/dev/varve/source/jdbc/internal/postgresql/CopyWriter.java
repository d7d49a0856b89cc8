package dev.varve.source.jdbc.internal.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Feeds {@code COPY … FROM STDIN}. Used by one thread. */
final class CopyWriter {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Session session;

  CopyWriter(Session session) {
    this.session = session;
  }

  /** Copies everything, and says how many rows the server took; if reading fails, none. */
  long copy(String sql, InputStream content) throws SQLException, IOException {
    CopyIn copy = session.driver().getCopyAPI().copyIn(sql);
    try {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        copy.writeToCopy(buffer, 0, count);
      }
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
