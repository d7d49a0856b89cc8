package dev.varve.mariadbtests;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A MariaDB in a process of its own, which ends with this one however it ends. Safe for use by many
 * threads. Its programs come out of a jar.
 */
final class MariaDbServer {

  private static final String USER = "varve";

  private static final long STARTS_WITHIN_SECONDS = 120;
  private static final Path PLACE =
      Path.of(System.getProperty("varve.testservers"), "mariadb", "target");
  private static final String INSIDE = "/linux/";

  /** Memory that looks like a disk: nothing here must survive. */
  private static final Path MEMORY = Path.of("/dev/shm");

  /** More than all servers of these tests write; containers often have 64 MB only. */
  private static final long ROOM_BYTES = 4L << 30;

  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static final AtomicInteger SERVERS = new AtomicInteger();

  private final Optional<Process> process;
  private final String address;
  private final String user;
  private final String password;
  private Optional<Connection> asking = Optional.empty();

  private MariaDbServer(Optional<Process> process, String address, String user, String password) {
    this.process = process;
    this.address = address;
    this.user = user;
    this.password = password;
  }

  private static final class Shared {
    private static final MariaDbServer SERVER = named().orElseGet(() -> start());
  }

  /** The server of all tests: the one that somebody names, else one of our own. */
  static MariaDbServer shared() {
    return Shared.SERVER;
  }

  private static Optional<MariaDbServer> named() {
    String url = System.getenv().getOrDefault("VARVE_TEST_JDBC_URL", "");
    Matcher matcher = Pattern.compile("jdbc:(?:mariadb|mysql)://([^/?]+).*").matcher(url);
    return matcher.matches()
        ? Optional.of(
            new MariaDbServer(
                Optional.empty(),
                matcher.group(1),
                System.getenv().getOrDefault("VARVE_TEST_JDBC_USER", "root"),
                System.getenv().getOrDefault("VARVE_TEST_JDBC_PASSWORD", "")))
        : Optional.empty();
  }

  /** Host and port. */
  String address() {
    return address;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** A server of one's own, to be stopped. */
  static MariaDbServer start(String... arguments) {
    try {
      Path programs = unpacked();
      Path files =
          Files.createTempDirectory(
              hasRoom(MEMORY) ? MEMORY : PLACE, "varve-" + SERVERS.incrementAndGet() + "-");
      Path log = files.resolve("log.txt");
      Path own = files.resolve("files");
      run(
          log,
          programs.resolve("scripts/mariadb-install-db").toString(),
          "--no-defaults",
          "--basedir=" + programs,
          "--datadir=" + own,
          "--auth-root-authentication-method=normal",
          "--skip-test-db",
          "--user=" + System.getProperty("user.name"));
      int port = freePort();
      List<String> command = new ArrayList<>();
      // Standard input ends when this process does; then the server does too.
      command.addAll(
          List.of(
              "sh",
              "-c",
              "\"$@\" & server=$!; cat >/dev/null; kill -9 $server; rm -rf \"$0\"",
              files.toString()));
      command.addAll(
          List.of(
              programs.resolve("bin/mariadbd").toString(),
              "--no-defaults",
              "--basedir=" + programs,
              "--datadir=" + own,
              "--user=" + System.getProperty("user.name"),
              "--bind-address=127.0.0.1",
              "--port=" + port,
              "--socket=" + files.resolve("s"),
              "--innodb-flush-log-at-trx-commit=0",
              "--innodb-doublewrite=0",
              "--innodb-log-file-size=32M",
              "--innodb-buffer-pool-size=256M",
              "--event-scheduler=ON",
              "--local-infile=1"));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      MariaDbServer server =
          new MariaDbServer(
              Optional.of(process), "127.0.0.1:" + port, USER, "test-secret-password");
      server.await(process, log);
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("MariaDB cannot be started", e);
    }
  }

  /** The directory of its programs, unpacked once. */
  static Path unpacked() throws IOException {
    Path programs = PLACE.resolve("programs");
    synchronized (SERVERS) {
      if (!Files.exists(programs)) {
        Path half = Files.createTempDirectory(PLACE, "unpacking");
        try (InputStream jar = Files.newInputStream(jar());
            ZipInputStream zip = new ZipInputStream(jar)) {
          for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            int at = entry.getName().indexOf(INSIDE);
            if (at >= 0 && !entry.isDirectory()) {
              Path file = half.resolve(entry.getName().substring(at + INSIDE.length()));
              Path folder = file.resolveSibling("");
              Files.createDirectories(folder);
              Files.copy(zip, file);
              file.toFile().setExecutable(folder.endsWith("bin") || folder.endsWith("scripts"));
            }
          }
        }
        Files.move(half, programs);
      }
    }
    return programs;
  }

  private static Path jar() throws IOException {
    String classPath = Files.readString(PLACE.resolve("classpath"));
    for (String element : classPath.split(System.getProperty("path.separator"), -1)) {
      if (element.endsWith(".jar")) {
        return Path.of(element);
      }
    }
    throw new IOException("No jar with a server in " + classPath);
  }

  private static void run(Path log, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(List.of(command) + " failed:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      throw new IOException("Interrupted", e);
    }
  }

  private static boolean hasRoom(Path directory) throws IOException {
    return Files.isWritable(directory)
        && Files.getFileStore(directory).getUsableSpace() >= ROOM_BYTES;
  }

  /**
   * One that is free, and below those that systems give to connections before the server has it.
   */
  private static int freePort() throws IOException {
    Random random = new Random();
    while (true) {
      try (ServerSocket socket = new ServerSocket(20_000 + random.nextInt(10_000))) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // So another.
      }
    }
  }

  private void await(Process running, Path log) throws IOException {
    long begin = System.nanoTime();
    while (true) {
      try (Connection root =
              DriverManager.getConnection(
                  "jdbc:mysql://" + address + "/?connectTimeout=2000&sslMode=DISABLED",
                  "root",
                  "");
          Statement statement = root.createStatement()) {
        statement.execute("CREATE USER '" + USER + "'@'%' IDENTIFIED BY '" + password + "'");
        statement.execute("GRANT ALL ON *.* TO '" + USER + "'@'%' WITH GRANT OPTION");
        statement.execute("DROP USER IF EXISTS ''@'localhost', ''@'" + "%'");
        return;
      } catch (SQLException notYet) {
        try {
          boolean ended = running.waitFor(100, TimeUnit.MILLISECONDS);
          long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
          if (ended || seconds > STARTS_WITHIN_SECONDS) {
            stop();
            throw new IllegalStateException(
                "No MariaDB after " + seconds + " s:\n" + Files.readString(log), notYet);
          }
        } catch (InterruptedException e) {
          throw new IllegalStateException("Interrupted while a server starts", e);
        }
      }
    }
  }

  /** Ends it at once. */
  void stop() {
    Process running = process.orElseThrow();
    try {
      running.getOutputStream().close();
      running.waitFor();
    } catch (IOException | InterruptedException e) {
      running.destroyForcibly();
    }
  }

  /** Where a schema is, by one of the drivers; the empty name is no schema. */
  String url(Driver driver, String schema) {
    return "jdbc:" + driver.scheme + "://" + address + "/" + schema + driver.options;
  }

  Connection connect(Driver driver, String schema) throws SQLException {
    return DriverManager.getConnection(url(driver, schema), user, password);
  }

  /** Runs statements in a schema. */
  void run(String schema, String... statements) {
    run(schema, List.of(statements));
  }

  void run(String schema, List<String> statements) {
    try (Connection connection = connect(Driver.MARIADB, schema);
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (String sql : statements) {
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          throw new IllegalStateException(sql + " failed: " + e.getMessage(), e);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** All rows of an answer, their values as text in brackets. */
  synchronized List<String> ask(String schema, String sql) {
    try {
      if (asking.isEmpty()) {
        asking = Optional.of(connect(Driver.MARIADB, ""));
      }
      try (Statement statement = asking.get().createStatement()) {
        if (!schema.isEmpty()) {
          statement.execute("USE `" + schema.replace("`", "``") + "`");
        }
        return rows(statement, sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql + " failed: " + e.getMessage(), e);
    }
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    try (ResultSet answer = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int columns = answer.getMetaData().getColumnCount();
      while (answer.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : " | ").append(answer.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  String one(String schema, String sql) {
    List<String> rows = ask(schema, sql);
    if (rows.size() != 1) {
      throw new IllegalStateException(sql + " answers " + rows);
    }
    return rows.get(0);
  }

  /** A schema that nobody has used, empty. */
  String newSchema() {
    String schema = "shop" + SCHEMAS.incrementAndGet();
    run("", "DROP DATABASE IF EXISTS " + schema);
    run("", "CREATE DATABASE " + schema + " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
    return schema;
  }

  /** The two drivers. */
  enum Driver {
    MARIADB("mariadb", "?allowLocalInfile=true"),
    MYSQL("mysql", "?allowLoadLocalInfile=true&sslMode=DISABLED"),
    /** Without {@code LOAD DATA LOCAL}. */
    MYSQL_PLAIN("mysql", "?sslMode=DISABLED");

    private final String scheme;
    private final String options;

    Driver(String scheme, String options) {
      this.scheme = scheme;
      this.options = options;
    }
  }
}
