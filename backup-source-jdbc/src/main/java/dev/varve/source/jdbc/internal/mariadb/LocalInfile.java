package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Gives a statement the content it loads by {@code LOAD DATA LOCAL}. Both drivers can, each by a
 * method of its own, which is called without depending on either. Stateless.
 */
final class LocalInfile {

  private static final List<String> STATEMENTS =
      List.of("org.mariadb.jdbc.Statement", "com.mysql.cj.jdbc.JdbcStatement");

  /** The client or the server forbids it. */
  private static final List<Integer> FORBIDDEN = List.of(1148, 3948, 4166, 2068);

  private LocalInfile() {}

  /** Hands the content over; false if the driver takes none. */
  static boolean give(Statement statement, InputStream content) throws SQLException {
    for (String name : STATEMENTS) {
      try {
        Class<?> type = Class.forName(name, false, statement.getClass().getClassLoader());
        if (statement.isWrapperFor(type)) {
          type.getMethod("setLocalInfileInputStream", InputStream.class)
              .invoke(statement.unwrap(type), content);
          return true;
        }
      } catch (ReflectiveOperationException notThisDriver) {
        if (notThisDriver instanceof InvocationTargetException failed
            && failed.getCause() instanceof SQLException cause) {
          throw cause;
        }
      }
    }
    return false;
  }

  /**
   * Whether server and driver permit it: asked by loading nothing into what does not exist, in a
   * schema that need not exist and in which rows may be inserted.
   */
  static boolean isPermitted(Session session, String schema) throws IOException {
    try (Statement statement = session.statement()) {
      if (!give(statement, InputStream.nullInputStream())) {
        return false;
      }
      statement.execute(
          "LOAD DATA LOCAL INFILE 'varve' INTO TABLE "
              + Names.quote(schema, "varve_asks_whether_it_may"));
      return true;
    } catch (SQLException answer) {
      if (Faults.isLost(answer)) {
        throw Faults.of("Asking whether LOAD DATA LOCAL is permitted", answer);
      }
      return !FORBIDDEN.contains(answer.getErrorCode());
    }
  }
}
