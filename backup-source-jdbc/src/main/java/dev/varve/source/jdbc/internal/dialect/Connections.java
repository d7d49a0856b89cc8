package dev.varve.source.jdbc.internal.dialect;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** Opens connections to one database. Safe for use by many threads. Prints no secrets. */
public interface Connections {

  /**
   * Opens a new connection, in the state the driver gives it; the caller closes it.
   *
   * @throws SQLException as the driver tells it
   * @throws IOException if a credential cannot be had
   */
  Connection open() throws SQLException, IOException;

  /**
   * Opens one with further properties of the driver, which it follows by loading {@code helper}; a
   * plain one where that cannot be: the driver does not see that class, or a host opens connections
   * by means of its own.
   */
  default Connection open(Class<?> helper, Map<String, String> properties)
      throws SQLException, IOException {
    return open();
  }

  /** The database in words, for messages: the location without user and password. */
  @Override
  String toString();
}
