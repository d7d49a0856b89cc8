package dev.varve.source.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one database. Safe for use by many threads. */
@FunctionalInterface
public interface ConnectionSupplier {

  /**
   * Opens a connection that nobody else uses until it is closed.
   *
   * @throws SQLException if the database cannot be reached or refuses
   */
  Connection open() throws SQLException;
}
