package dev.varve.source.jdbc.internal.dialect;

import dev.varve.RefusedException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;

/** Says what a database answered in the words of an {@link IOException}. Stateless. */
public final class Failures {

  private static final int MOST_CHARACTERS = 2000;
  private static final String DISK_FULL = "53100";

  private Failures() {}

  /**
   * A failure of what was attempted, e.g. {@code Reading rows of public.orders}: final where rights
   * or credentials are missing, another where trying again may help.
   */
  public static IOException of(String attempted, SQLException cause) {
    String state = Objects.requireNonNullElse(cause.getSQLState(), "");
    // What to do follows behind a semicolon.
    String message = attempted + " failed: " + told(cause).replaceFirst("\\.$", "");
    if (state.startsWith("28")) {
      return new RefusedException(message + "; check user and password", cause);
    }
    if (state.equals("42501")) {
      return new RefusedException(message + "; grant the missing right", cause);
    }
    if (state.equals(DISK_FULL) || message.contains("could not extend file")) {
      return new IOException(message + "; make room for the server's files, then try again", cause);
    }
    return new IOException(isLost(cause) ? message + "; is the server running?" : message, cause);
  }

  /** Whether the connection is gone, or could not be made. */
  public static boolean isLost(SQLException cause) {
    String state = Objects.requireNonNullElse(cause.getSQLState(), "");
    return state.startsWith("08") || state.startsWith("57P0");
  }

  /** What the database said, on one line and of a bearable length. */
  public static String told(SQLException cause) {
    String message = Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getName());
    String line = message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "…" : line;
  }
}
