package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Opening, asking and ending of connections. Stateless. */
public final class Sessions {

  private Sessions() {}

  /** Opens a connection in the words of an {@link IOException}. */
  public static Connection open(Connections connections) throws IOException {
    try {
      return connections.open();
    } catch (SQLException failure) {
      throw Failures.of("Connecting to " + connections, failure);
    }
  }

  /** Takes back what is not committed and closes, leaving a pooled connection as it was. */
  public static void end(Connection connection) throws IOException {
    try (connection) {
      if (!connection.isClosed() && !connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException failure) {
      if (!Failures.isLost(failure)) {
        throw Failures.of("Ending a connection", failure);
      }
    }
  }

  /** What to do with a connection that just was opened. */
  public interface Beginning<T> {
    T begin(Connection connection) throws SQLException, IOException;
  }

  /** Opens a connection and hands it on; it is closed if that fails. */
  public static <T> T begin(Connections connections, String attempted, Beginning<T> beginning)
      throws IOException {
    Connection connection = open(connections);
    try {
      return beginning.begin(connection);
    } catch (SQLException failure) {
      IOException told = Failures.of(attempted, failure);
      closeAfter(connection, told);
      throw told;
    } catch (IOException | RuntimeException failure) {
      closeAfter(connection, failure);
      throw failure;
    }
  }

  /** What to do by a connection and then be done with it. */
  public interface Use {
    void use(Connection connection) throws SQLException, IOException;
  }

  /** Opens a connection for one use. */
  public static void use(Connections connections, String attempted, Use use) throws IOException {
    end(
        begin(
            connections,
            attempted,
            connection -> {
              use.use(connection);
              return connection;
            }));
  }

  private static void closeAfter(Connection connection, Exception failure) {
    try {
      end(connection);
    } catch (IOException another) {
      failure.addSuppressed(another);
    }
  }

  /** The rows of a query, each as texts; an absent one is empty. */
  public static List<List<String>> rows(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (var query = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        query.setString(i + 1, parameters[i]);
      }
      try (ResultSet found = query.executeQuery()) {
        return all(found);
      }
    }
  }

  /** All rows of a result, each as texts; an absent one is empty. */
  public static List<List<String>> all(ResultSet found) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    int columns = found.getMetaData().getColumnCount();
    while (found.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        String value = found.getString(i);
        row.add(value == null ? "" : value);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Runs one statement. */
  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The number a query finds. */
  public static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      if (!found.next()) {
        throw new SQLException("Nothing was found by " + sql);
      }
      return found.getLong(1);
    }
  }
}
