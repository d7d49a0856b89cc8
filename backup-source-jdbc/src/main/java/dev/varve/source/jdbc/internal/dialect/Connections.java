package dev.varve.source.jdbc.internal.dialect;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one database. Safe for use by many threads. Prints no secrets. */
public interface Connections {

  /**
   * Opens a new connection, in the state the driver gives it; the caller closes it.
   *
   * @throws SQLException as the driver tells it
   * @throws IOException if a credential cannot be had
   */
  Connection open() throws SQLException, IOException;

  /** The database in words, for messages: the location without user and password. */
  @Override
  String toString();
}
