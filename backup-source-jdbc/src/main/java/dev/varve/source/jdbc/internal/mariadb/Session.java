package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One connection with the settings a dump or a load wants. Used by one thread; {@link #cancel} and
 * {@link #abort} come from others.
 */
final class Session implements Closeable {

  /** Whoever reads or writes slowly must not be thrown out: as {@code mariadb-dump} sets it. */
  private static final String PATIENT_SECONDS = "86400";

  private static final Map<String, String> COMMON =
      Map.ofEntries(
          Map.entry("time_zone", "'+00:00'"),
          Map.entry("net_read_timeout", PATIENT_SECONDS),
          Map.entry("net_write_timeout", PATIENT_SECONDS),
          Map.entry("wait_timeout", "2147483"),
          Map.entry("idle_transaction_timeout", "0"),
          Map.entry("idle_readonly_transaction_timeout", "0"),
          Map.entry("idle_write_transaction_timeout", "0"),
          Map.entry("max_execution_time", "0"),
          Map.entry("sql_select_limit", "18446744073709551615"),
          Map.entry("sql_big_selects", "1"),
          Map.entry("sql_safe_updates", "0"),
          Map.entry("sql_auto_is_null", "0"),
          Map.entry("sql_notes", "1"),
          Map.entry("sql_quote_show_create", "1"),
          Map.entry("old_mode", "''"),
          Map.entry("max_error_count", "65535"));

  private static final Set<String> OTHERS =
      Set.of(
          "character_set_client",
          "character_set_connection",
          "character_set_results",
          "collation_connection",
          "lock_wait_timeout",
          "tx_isolation",
          "transaction_isolation");

  private final Connections connections;
  private final Connection connection;
  private final Server server;
  private final Optional<String> schema;
  private final Map<String, String> originals = new TreeMap<>();
  private volatile Optional<Statement> running = Optional.empty();
  private volatile boolean abandoned;

  private Session(
      Connections connections, Connection connection, Server server, Optional<String> schema) {
    this.connections = connections;
    this.connection = connection;
    this.server = server;
    this.schema = schema;
  }

  /** Opens one that reads. */
  static Session reading(Connections connections) throws IOException {
    return open(connections, Map.of("sql_mode", "''"));
  }

  /** Opens one that writes. */
  static Session writing(Connections connections, boolean checking) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("sql_mode", "'" + LOAD_MODE + "'");
    settings.put("foreign_key_checks", "0");
    settings.put("unique_checks", checking ? "1" : "0");
    settings.put("check_constraint_checks", checking ? "1" : "0");
    settings.put("explicit_defaults_for_timestamp", "1");
    return open(connections, settings);
  }

  /** The same, bending what does not fit with a warning. */
  static final String LENIENT_MODE = "ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO";

  /** Takes zero dates and zeros in automatic columns as they are, and nothing that does not fit. */
  static final String LOAD_MODE = "STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO";

  private static Session open(Connections connections, Map<String, String> settings)
      throws IOException {
    String attempted = "Connecting to " + connections;
    Connection connection;
    try {
      connection = connections.open();
    } catch (SQLException failure) {
      throw Faults.of(attempted, failure);
    }
    try {
      connection.setAutoCommit(true);
      Session session =
          new Session(connections, connection, Server.of(connection), schemaOf(connection));
      session.set(settings);
      return session;
    } catch (SQLException failure) {
      closeQuietly(connection, failure);
      throw Faults.of(attempted, failure);
    } catch (IOException | RuntimeException failure) {
      closeQuietly(connection, failure);
      throw failure;
    }
  }

  private static Optional<String> schemaOf(Connection connection) throws SQLException {
    return Optional.ofNullable(connection.getCatalog()).filter(name -> !name.isEmpty());
  }

  private static void closeQuietly(Connection connection, Exception because) {
    try {
      connection.close();
    } catch (SQLException second) {
      because.addSuppressed(second);
    }
  }

  /** Sets what is not as it should be, and keeps in mind what it was: a pool gets it back. */
  private void set(Map<String, String> more) throws IOException {
    Map<String, String> settings = new TreeMap<>(COMMON);
    settings.putAll(more);
    Set<String> names = new TreeSet<>(settings.keySet());
    names.addAll(OTHERS);
    String attempted = "Setting up a session";
    if (server.mariaDb()) {
      // First of all, for it could be too short for asking.
      run(attempted, "SET SESSION max_statement_time=0");
    }
    StringJoiner wanted = new StringJoiner(", ", "SET ", "").setEmptyValue("");
    for (Row row :
        rows(
            attempted,
            "SHOW SESSION VARIABLES WHERE Variable_name IN ('"
                + String.join("','", names)
                + "')")) {
      String name = row.text(1);
      originals.put(name, value(row.text(2)));
      String value = settings.getOrDefault(name, value(row.text(2)));
      if (!value.equals(value(row.text(2)))) {
        wanted.add("SESSION " + name + "=" + value);
      }
    }
    if (server.mariaDb()) {
      originals.put("max_statement_time", "DEFAULT");
    }
    if (wanted.length() > 0) {
      run(attempted, wanted.toString());
    }
  }

  /** A variable's value as it is set again. */
  private static String value(String shown) {
    return switch (shown) {
      case "ON" -> "1";
      case "OFF" -> "0";
      default -> shown.matches("[0-9]+(\\.[0-9]+)?") ? shown : Names.text(shown);
    };
  }

  Server server() {
    return server;
  }

  /** What opened the connection, and opens others to the same database. */
  Connections connections() {
    return connections;
  }

  Connection connection() {
    return connection;
  }

  /** The schema the connection was in when it was opened. */
  Optional<String> schema() {
    return schema;
  }

  /** Sets the variable back to what it was when the connection was opened. */
  String original(String variable) {
    return originals.getOrDefault(variable, "DEFAULT");
  }

  /** Runs a statement; returns how many rows it changed. */
  long run(String attempted, String sql) throws IOException {
    try {
      return run(sql);
    } catch (SQLException failure) {
      throw Faults.of(attempted, failure);
    }
  }

  /** Runs a statement; returns how many rows it changed. */
  long run(String sql) throws SQLException {
    try (Statement statement = statement()) {
      statement.execute(sql);
      return Math.max(0, statement.getUpdateCount());
    } finally {
      running = Optional.empty();
    }
  }

  /** Reads an answer that is small. */
  List<Row> rows(String attempted, String sql) throws IOException {
    try {
      return rows(sql);
    } catch (SQLException failure) {
      throw Faults.of(attempted, failure);
    }
  }

  /** Reads an answer that is small. */
  List<Row> rows(String sql) throws SQLException {
    try (Statement statement = statement();
        ResultSet answer = statement.executeQuery(sql)) {
      int columns = answer.getMetaData().getColumnCount();
      List<Row> rows = new ArrayList<>();
      while (answer.next()) {
        List<Optional<String>> values = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          values.add(Optional.ofNullable(answer.getString(i)));
        }
        rows.add(new Row(values));
      }
      return rows;
    } finally {
      running = Optional.empty();
    }
  }

  /** A statement that {@link #cancel} reaches. */
  Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    running = Optional.of(statement);
    return statement;
  }

  /** Breaks off what runs, if anything does; called by another thread. */
  void cancel() {
    Optional<Statement> statement = running;
    if (statement.isPresent() && !abandoned) {
      try {
        statement.get().cancel();
      } catch (SQLException | RuntimeException notCancelled) {
        abort();
      }
    }
  }

  /** Closes the connection under whoever waits for it. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException alreadyGone) {
      running = Optional.empty();
    }
  }

  /**
   * Leaves the connection to itself: a thread may be stuck in it, and whoever touches it would wait
   * with that. It is closed as soon as the driver can.
   */
  void abandon() {
    abandoned = true;
    Thread ending = new Thread(this::abort, "varve-jdbc-ending");
    ending.setDaemon(true);
    ending.start();
  }

  /** Ends a transaction that was not committed and gives the connection back as it was. */
  @Override
  public void close() throws IOException {
    if (abandoned) {
      return;
    }
    try (connection) {
      if (!connection.isClosed()) {
        run("ROLLBACK");
        StringJoiner back = new StringJoiner(", ", "SET ", "").setEmptyValue("DO 0");
        originals.forEach(
            (name, value) -> back.add("SESSION " + name + "=" + valueOf(name, value)));
        run(back.toString());
        if (schema.isPresent()) {
          connection.setCatalog(schema.get());
        }
      }
    } catch (SQLException failure) {
      if (!Faults.isLost(failure)) {
        throw Faults.of("Closing a connection", failure);
      }
    }
  }

  /** Of all these variables one can be null, and is shown as empty. */
  private static String valueOf(String name, String value) {
    return name.startsWith("character_set") && value.equals("''") ? "NULL" : value;
  }
}
