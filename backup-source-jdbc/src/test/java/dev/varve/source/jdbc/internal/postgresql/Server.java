package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server for tests: the one that {@code VARVE_TEST_JDBC_URL} names, or else one that
 * is started once for this JVM. Safe for use by many threads.
 */
final class Server {

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Optional<String> NAMED =
      Optional.ofNullable(System.getenv("VARVE_TEST_JDBC_URL"))
          .filter(url -> url.startsWith("jdbc:postgresql:"));

  private static final class Embedded {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return builder().start();
      } catch (IOException failure) {
        throw new IllegalStateException("No PostgreSQL could be started", failure);
      }
    }
  }

  private Server() {}

  /** How servers of tests are set up: no waiting for disks, no shared memory of the system. */
  static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(Duration.ofMinutes(2))
        .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
        .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
        .setServerConfig("fsync", "off")
        .setServerConfig("full_page_writes", "off")
        .setServerConfig("dynamic_shared_memory_type", "mmap")
        .setServerConfig("max_connections", "50")
        .setServerConfig("max_wal_size", "2GB");
  }

  /** A new, empty database. */
  static String fresh() throws SQLException {
    String name = "varve_test_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE template0");
    }
    return name;
  }

  static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), properties());
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user());
    properties.setProperty("password", password());
    return properties;
  }

  private static String user() {
    return env("VARVE_TEST_JDBC_USER", "postgres");
  }

  /** The password, for programs of the server. */
  static String password() {
    return env("VARVE_TEST_JDBC_PASSWORD", "postgres");
  }

  /** Names the server to another JVM's tests. */
  static void name(Map<String, String> environment) {
    environment.put("VARVE_TEST_JDBC_URL", url("postgres"));
    environment.put("VARVE_TEST_JDBC_USER", user());
    environment.put("VARVE_TEST_JDBC_PASSWORD", password());
  }

  /** Where a database is, for programs of the server. */
  static String place(String database) {
    return url(database).substring("jdbc:".length()).replace("//", "//" + user() + "@");
  }

  private static String env(String name, String otherwise) {
    return Objects.requireNonNullElse(System.getenv(name), otherwise);
  }

  static String url(String database) {
    if (NAMED.isPresent()) {
      return NAMED.get().replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1");
    }
    return "jdbc:postgresql://localhost:" + Embedded.SERVER.getPort() + "/" + database;
  }

  /** The server's main version, e.g. 18. */
  static int version() throws SQLException {
    return Integer.parseInt(ask("postgres", "SHOW server_version_num")) / 10_000;
  }

  static Connections connections(String database) {
    return new Connections() {
      @Override
      public Connection open() throws SQLException {
        return connect(database);
      }

      @Override
      public Connection open(Class<?> helper, Map<String, String> further) throws SQLException {
        Properties all = properties();
        all.putAll(further);
        return DriverManager.getConnection(url(database), all);
      }

      @Override
      public String toString() {
        return "jdbc:postgresql:" + database;
      }
    };
  }

  /** Connections to the first database of a server of a test's own. */
  static Connections connections(EmbeddedPostgres own) {
    return new Connections() {
      @Override
      public Connection open() throws SQLException {
        return DriverManager.getConnection(
            "jdbc:postgresql://localhost:" + own.getPort() + "/postgres", "postgres", "postgres");
      }

      @Override
      public String toString() {
        return "a server of its own";
      }
    };
  }

  /** Runs statements in a database. */
  static void run(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** The first value a query gives, as text. */
  static String ask(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }
}
