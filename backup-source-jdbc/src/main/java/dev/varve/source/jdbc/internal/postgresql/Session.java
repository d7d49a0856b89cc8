package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * One connection with the settings a dump or a load needs: what a server or a role is set to must
 * change neither what is written nor how it is read. Used by one thread, except for {@link
 * #cancel()}.
 */
final class Session implements Closeable {

  private static final String COMMON =
      "SET search_path TO ''; SET statement_timeout TO 0; SET idle_in_transaction_session_timeout TO 0;"
          + " SET row_security TO off; SET client_min_messages TO warning; SET DateStyle TO ISO;"
          + " SET IntervalStyle TO postgres; SET extra_float_digits TO 3; SET TimeZone TO 'UTC';"
          + " SET bytea_output TO hex; SET xmloption TO content; SET quote_all_identifiers TO off;"
          + " SET standard_conforming_strings TO on; SET escape_string_warning TO off;"
          + " SET lc_monetary TO 'C'; SET array_nulls TO on; ";

  private final Connection connection;
  private final PGConnection driver;
  private final Optional<MessageInput> messages;
  private final int version;

  private Session(Connection connection, Optional<MessageInput> messages, String settings)
      throws SQLException {
    this.connection = connection;
    this.messages = messages;
    this.driver = connection.unwrap(PGConnection.class);
    this.version = connection.getMetaData().getDatabaseMajorVersion();
    execute(COMMON + settings);
    if (version >= 14) {
      execute("SET idle_session_timeout TO 0");
    }
    if (version >= 17) {
      execute("SET transaction_timeout TO 0");
    }
  }

  /** A session that dumps: scans begin at a table's beginning. */
  static Session reading(Connections connections) throws SQLException, IOException {
    MessageSockets.Opened opened = MessageSockets.open(connections);
    return opened(opened.connection(), opened.messages(), "SET synchronize_seqscans TO off");
  }

  /** A session that loads: routines are made before what they speak of. */
  static Session loading(Connections connections) throws SQLException, IOException {
    return opened(
        connections.open(),
        Optional.empty(),
        "SET check_function_bodies TO off; SET synchronous_commit TO off");
  }

  private static Session opened(
      Connection connection, Optional<MessageInput> messages, String settings) throws SQLException {
    try {
      connection.setAutoCommit(true);
      return new Session(connection, messages, settings);
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  Connection connection() {
    return connection;
  }

  PGConnection driver() {
    return driver;
  }

  /** What the server sends, where that can be seen. */
  Optional<MessageInput> messages() {
    return messages;
  }

  int version() {
    return version;
  }

  /** Runs statements as they are. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** Lets the server look at tables anew, so that it plans by the rows that are there now. */
  void refreshStatistics(Iterable<String> tables) throws SQLException {
    for (String table : tables) {
      execute("ANALYZE " + table);
    }
  }

  /** Ends the transaction of a load, and waits for the server's disk, as no load does meanwhile. */
  void commitLoad() throws SQLException {
    execute("SET LOCAL synchronous_commit TO on; COMMIT");
  }

  /** Gives up what was begun; a session that cannot is of no more use, and says so by itself. */
  void rollBack() {
    try {
      execute("ROLLBACK");
    } catch (SQLException gone) {
      // What comes next on this session fails; what went wrong before is on its way to the caller.
      return;
    }
  }

  /** Breaks off what this session does, from any thread; it then fails. */
  void cancel() {
    try {
      driver.cancelQuery();
    } catch (SQLException gone) {
      // There is nothing to break off on a connection that is gone.
      return;
    }
  }

  /** Ends a connection of which nobody knows any more what is said next. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException gone) {
      // It is of no use either way.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IOException("A connection could not be closed", failure);
    }
  }
}
