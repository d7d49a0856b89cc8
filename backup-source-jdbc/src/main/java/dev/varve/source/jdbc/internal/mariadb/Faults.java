package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.RefusedException;
import dev.varve.source.jdbc.internal.dialect.Failures;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/** Says what an error number of MariaDB or MySQL means for whoever dumps or loads. Stateless. */
final class Faults {

  static final int NO_SUCH_TABLE = 1146;
  static final int NO_SUCH_COLUMN = 1054;
  static final int NO_SUCH_ROUTINE = 1305;
  static final int INVALID_VIEW = 1356;
  static final int NO_SUCH_SCHEMA = 1049;
  static final int LOCK_TIMEOUT = 1205;
  static final int DATA_TRUNCATED = 1265;
  static final int INTERRUPTED = 1317;

  private static final Set<Integer> LOST =
      Set.of(1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031);
  private static final Set<Integer> BAD_LOGIN = Set.of(1045, 1698, 1862, 3118);
  private static final Set<Integer> NO_RIGHT =
      Set.of(1044, 1142, 1143, 1227, 1370, 1410, 1419, 3530);

  private static final Map<Integer, String> NEXT =
      Map.ofEntries(
          Map.entry(1969, "the server limits the time of a statement; raise max_statement_time"),
          Map.entry(3024, "the server limits the time of a statement; raise max_execution_time"),
          Map.entry(INTERRUPTED, "somebody ended the statement (KILL QUERY); run it again"),
          Map.entry(
              1412,
              "a table was altered or emptied after this began; run it again, and not while the"
                  + " schema is changed"),
          Map.entry(
              LOCK_TIMEOUT,
              "somebody else holds a lock; end that transaction, or raise lock_wait_timeout and"
                  + " innodb_lock_wait_timeout"),
          Map.entry(1213, "another transaction wanted the same rows; run it again"),
          Map.entry(1153, "raise max_allowed_packet on the server"),
          Map.entry(1301, "raise max_allowed_packet on the server"),
          Map.entry(1021, "the server's disk is full; make room there, then try again"),
          Map.entry(
              1114,
              "the server's disk, or the space the table may have, is full; make room there, then"
                  + " try again"),
          Map.entry(1062, "two rows have the same key"),
          Map.entry(1451, "rows of another table refer to this one"),
          Map.entry(1452, "a row refers to one that is not there"),
          Map.entry(3819, "a row violates a check of this table"),
          Map.entry(4025, "a row violates a check of this table"),
          Map.entry(1264, "a value does not fit its column here"),
          Map.entry(1366, "a value does not fit its column here"),
          Map.entry(1406, "a value is too long for its column here"));

  private Faults() {}

  /** A failure of what was attempted, e.g. {@code Reading rows of shop.orders}. */
  static IOException of(String attempted, SQLException cause) {
    int code = cause.getErrorCode();
    String message = attempted + " failed: " + told(cause);
    if (BAD_LOGIN.contains(code)) {
      return new RefusedException(message + "; check user and password", cause);
    }
    if (NO_RIGHT.contains(code)) {
      return new RefusedException(message + "; grant the missing right", cause);
    }
    if (isLost(cause)) {
      return new IOException(
          message
              + "; the connection is lost: is the server running, and does nothing end connections"
              + " (KILL, timeouts, a proxy)?",
          cause);
    }
    String next = NEXT.get(code);
    return next == null
        ? Failures.of(attempted, cause)
        : new IOException(message + "; " + next, cause);
  }

  /** What a warning's number means, with what to do; empty if there is nothing to say. */
  static String next(int code) {
    String next = NEXT.get(code);
    return next == null ? "" : "; " + next;
  }

  /** What went wrong on the wire is a lost connection, whatever a driver makes of it. */
  static boolean isLost(SQLException cause) {
    boolean wire = told(cause).contains("unexpectedly lost");
    for (Throwable below = cause; below != null; below = below.getCause()) {
      wire |= below instanceof IOException;
    }
    return wire || LOST.contains(cause.getErrorCode()) || Failures.isLost(cause);
  }

  /** What the database said; one of the drivers puts stack traces into messages. */
  private static String told(SQLException cause) {
    String told = Failures.told(cause);
    int trace = told.indexOf(" Nested Stack Trace");
    return trace < 0 ? told : told.substring(0, trace);
  }

  /** Whether something that a definition needs is not there, perhaps not yet. */
  static boolean isMissing(SQLException cause) {
    int code = cause.getErrorCode();
    return code == NO_SUCH_TABLE
        || code == NO_SUCH_ROUTINE
        || code == INVALID_VIEW
        || code == NO_SUCH_SCHEMA;
  }
}
