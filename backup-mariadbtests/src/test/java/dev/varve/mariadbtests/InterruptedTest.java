package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.source.SourceLostException;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.source.jdbc.internal.mariadb.MariaDbDialect;
import dev.varve.testkit.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is broken off in the middle fails, says why, and leaves nothing behind. */
class InterruptedTest {

  private static final MariaDbDialect DIALECT = new MariaDbDialect();

  /** More than what lies in buffers between a server and a client. */
  private static final int ROWS = 40_000;

  private final MariaDbServer server = MariaDbServer.shared();
  private final String schema = server.newSchema();

  private record All() implements Selection {
    @Override
    public boolean takesSchema(String name) {
      return true;
    }

    @Override
    public boolean takes(TableName table) {
      return true;
    }

    @Override
    public boolean isEverything() {
      return true;
    }
  }

  private static Connections connections(MariaDbServer of, MariaDbServer.Driver driver, String in) {
    return new Connections() {
      @Override
      public Connection open() throws SQLException {
        return of.connect(driver, in);
      }

      @Override
      public String toString() {
        return "the test server";
      }
    };
  }

  private Connections connections() {
    return connections(server, MariaDbServer.Driver.MARIADB, schema);
  }

  private static void fill(MariaDbServer in, String schema) {
    in.run(
        schema,
        "CREATE TABLE large (id INT PRIMARY KEY, t VARCHAR(1000))",
        "INSERT INTO large SELECT seq, REPEAT(MD5(seq), 30) FROM seq_1_to_" + ROWS);
  }

  private static Dump dump(Connections connections, int most) throws IOException {
    return DIALECT.dump(
        connections, new DumpOptions(new All(), most, false), new RecordingContext());
  }

  private static Step rows(Dump dump) {
    return dump.plan().steps().stream()
        .filter(step -> step.phase() == Phase.ROWS)
        .findFirst()
        .orElseThrow();
  }

  private static void readAll(Reading reading) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    while (reading.read(buffer) >= 0) {
      buffer.clear();
    }
  }

  /** Reads a little, lets something happen, and reads on. */
  private static String failure(Dump dump, Executable happening) throws Throwable {
    try (Reading reading = dump.open(rows(dump))) {
      assertTrue(reading.read(ByteBuffer.allocate(1000)) > 0);
      happening.execute();
      SourceLostException failure = assertThrows(SourceLostException.class, () -> readAll(reading));
      return String.valueOf(failure.getMessage());
    }
  }

  private List<String> others() {
    return server.ask(
        "",
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB='"
            + schema
            + "' AND ID<>CONNECTION_ID() AND INFO LIKE '%large%'");
  }

  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MYSQL"})
  void dump_connectionIsKilled_isLost(MariaDbServer.Driver driver) throws Throwable {
    fill(server, schema);
    try (Dump dump = dump(connections(server, driver, schema), 2)) {
      String message =
          failure(dump, () -> others().forEach(id -> server.run("", "KILL CONNECTION " + id)));

      assertTrue(message.contains(schema + ".large"), message);
      assertTrue(message.contains("connection is lost"), message);
    }
  }

  @Test
  void dump_statementIsKilled_saysSo() throws Throwable {
    fill(server, schema);
    try (Dump dump = dump(connections(), 1)) {
      String message =
          failure(dump, () -> others().forEach(id -> server.run("", "KILL QUERY " + id)));

      assertTrue(message.contains("KILL QUERY"), message);
    }
  }

  @Test
  void dump_serverStops_isLost() throws Throwable {
    MariaDbServer own = MariaDbServer.start();
    own.run("", "CREATE DATABASE stopping");
    fill(own, "stopping");
    Dump dump = dump(connections(own, MariaDbServer.Driver.MARIADB, "stopping"), 1);
    try {
      String message = failure(dump, own::stop);

      assertTrue(message.contains("is the server running"), message);
    } finally {
      dump.close();
    }
  }

  @Test
  void dump_tableIsEmptiedAfterTheSnapshot_saysWhatToDo() throws Throwable {
    fill(server, schema);
    try (Dump dump = dump(connections(), 1)) {
      server.run(schema, "TRUNCATE TABLE large");

      try (Reading reading = dump.open(rows(dump))) {
        SourceLostException failure =
            assertThrows(SourceLostException.class, () -> readAll(reading));
        assertTrue(
            String.valueOf(failure.getMessage()).contains("not while the schema is changed"),
            failure.getMessage());
      }
    }
  }

  @Test
  void dump_largeTable_isExpectedToBeLarge() throws IOException {
    fill(server, schema);
    server.ask(schema, "ANALYZE TABLE large");
    try (Dump dump = dump(connections(), 1)) {
      long expected = dump.expectedBytes(rows(dump));

      // So that large tables are read beside each other, not one after the other as small ones.
      assertTrue(expected > ROWS * 500L, expected + " bytes");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MYSQL"})
  void dump_contentIsClosedInTheMiddle_canBeReadAgain(MariaDbServer.Driver driver)
      throws IOException {
    fill(server, schema);
    try (Dump dump = dump(connections(server, driver, schema), 1)) {
      try (Reading reading = dump.open(rows(dump))) {
        assertTrue(reading.read(ByteBuffer.allocate(1000)) > 0);
      }
      try (Reading again = dump.open(rows(dump))) {
        readAll(again);
        assertEquals(OptionalLong.of(ROWS), again.rows());
      }
      dump.finish();
    }
  }

  @Test
  void dump_contentIsClosedByAnotherThread_fails() throws Exception {
    server.run(
        schema,
        "CREATE TABLE large (id INT PRIMARY KEY)",
        "INSERT INTO large VALUES (1)",
        "CREATE VIEW slow AS SELECT 1");
    try (Connection locker = server.connect(MariaDbServer.Driver.MARIADB, schema);
        Dump dump = dump(connections(), 1);
        Reading reading = dump.open(rows(dump))) {
      locker.createStatement().execute("LOCK TABLES large WRITE");
      Thread closer =
          new Thread(
              () -> {
                while (others().isEmpty()) {
                  Thread.onSpinWait();
                }
                assertClosed(reading);
              });
      closer.start();

      assertThrows(IOException.class, () -> readAll(reading));
      closer.join();
    }
  }

  private static void assertClosed(Reading reading) {
    try {
      reading.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void dump_serverLimitsTheTimeOfStatements_isNotHarmed() throws IOException {
    fill(server, schema);
    server.run("", "SET GLOBAL max_statement_time=0.000001");
    try (Dump dump = dump(connections(), 1);
        Reading reading = dump.open(rows(dump))) {
      readAll(reading);
      assertEquals(OptionalLong.of(ROWS), reading.rows());
    } finally {
      unlimit();
    }
  }

  private void unlimit() throws IOException {
    try (Connection connection = server.connect(MariaDbServer.Driver.MYSQL, "")) {
      connection
          .createStatement()
          .execute("SET STATEMENT max_statement_time=0 FOR SET GLOBAL max_statement_time=0");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static byte[] content(Dump dump, Step step) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try (Reading reading = dump.open(step)) {
      while (reading.read(buffer) >= 0) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void load_connectionIsKilled_leavesNothing(MariaDbServer.Driver driver) throws IOException {
    fill(server, schema);
    String copy = schema + "_copy";
    server.run("", "DROP DATABASE IF EXISTS " + copy);
    try (Dump dump = dump(connections(), 1)) {
      LoadOptions options =
          new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(schema, copy), 1, false, true);
      List<Step> steps = dump.plan().steps();
      Load load =
          DIALECT.load(
              connections(server, driver, ""), dump.plan(), steps, options, new RecordingContext());
      IOException failure = failure(dump, load, () -> kill(copy));

      assertTrue(String.valueOf(failure.getMessage()).contains(copy), failure.getMessage());
    }
    assertEquals(
        List.of(), server.ask("", "SHOW DATABASES LIKE '" + copy.replace("_", "\\_") + "'"));
  }

  private static Connections through(
      StallingProxy proxy, MariaDbServer server, MariaDbServer.Driver driver) {
    String url = server.url(driver, "").replace(server.address(), proxy.address());
    return new Connections() {
      @Override
      public Connection open() throws SQLException {
        return DriverManager.getConnection(url, server.user(), server.password());
      }

      @Override
      public String toString() {
        return "the test server";
      }
    };
  }

  /** As it is when a session ends while there is no room in the connection. */
  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MYSQL"})
  void load_serverEndsTheSessionAndTakesNothing_isGivenUp(MariaDbServer.Driver driver)
      throws IOException {
    fill(server, schema);
    String copy = schema + "_copy";
    server.run("", "DROP DATABASE IF EXISTS " + copy);
    try (StallingProxy proxy = StallingProxy.before(server.address());
        Dump dump = dump(connections(), 1)) {
      LoadOptions options =
          new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(schema, copy), 1, false, true);
      Load load =
          DIALECT.load(
              through(proxy, server, driver),
              dump.plan(),
              dump.plan().steps(),
              options,
              new RecordingContext());
      IOException failure =
          failure(
              dump,
              load,
              once(
                  () -> {
                    proxy.stall();
                    kill(copy);
                  }));

      String told = String.valueOf(failure.getMessage());
      assertTrue(told.contains(copy + ".large") && told.contains("ended the session"), told);
    }
    assertEquals(
        List.of(), server.ask("", "SHOW DATABASES LIKE '" + copy.replace("_", "\\_") + "'"));
  }

  @Test
  void load_serverTakesNothingForAWhile_isWaitedFor() throws Exception {
    fill(server, schema);
    String copy = schema + "_copy";
    server.run("", "DROP DATABASE IF EXISTS " + copy);
    try (StallingProxy proxy = StallingProxy.before(server.address());
        Dump dump = dump(connections(), 1)) {
      LoadOptions options =
          new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(schema, copy), 1, false, true);
      List<Step> steps = dump.plan().steps();
      Thread resuming = new Thread(() -> resumeOnceAsked(proxy, asked() + 2));
      Runnable stalling =
          once(
              () -> {
                proxy.stall();
                resuming.start();
              });
      try (Load load =
          DIALECT.load(
              through(proxy, server, MariaDbServer.Driver.MARIADB),
              dump.plan(),
              steps,
              options,
              new RecordingContext())) {
        for (Step step : steps) {
          load.take(step, inTheMiddle(content(dump, step), stalling), OptionalLong.empty());
        }
        load.commit();
      }
      resuming.join();
    }
    assertEquals(ROWS + "", server.one(copy, "SELECT COUNT(*) FROM large"));
  }

  /** How often the server was asked for its sessions. */
  private long asked() {
    String status = server.one("", "SHOW GLOBAL STATUS LIKE 'Com_show_processlist'");
    return Long.parseLong(status.substring(status.lastIndexOf(' ') + 1));
  }

  private void resumeOnceAsked(StallingProxy proxy, long times) {
    while (asked() < times) {
      Thread.onSpinWait();
    }
    proxy.resume();
  }

  private static Runnable once(Runnable happening) {
    AtomicBoolean happened = new AtomicBoolean();
    return () -> {
      if (!happened.getAndSet(true)) {
        happening.run();
      }
    };
  }

  @Test
  void load_serverStops_saysSo() throws IOException {
    fill(server, schema);
    MariaDbServer own = MariaDbServer.start();
    try (Dump dump = dump(connections(), 1)) {
      LoadOptions options = new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(), 1, false, true);
      List<Step> steps = dump.plan().steps();
      Load load =
          DIALECT.load(
              connections(own, MariaDbServer.Driver.MARIADB, ""),
              dump.plan(),
              steps,
              options,
              new RecordingContext());
      IOException failure = failure(dump, load, own::stop);

      String told = String.valueOf(failure.getMessage());
      assertTrue(told.contains(schema + ".large") && told.contains("is the server running"), told);
    } finally {
      own.stop();
    }
  }

  /** Why everything cannot be loaded when that happens in the middle. */
  private IOException failure(Dump dump, Load load, Runnable happening) {
    return assertThrows(
        IOException.class,
        () -> {
          try (load) {
            for (Step step : dump.plan().steps()) {
              InputStream content = inTheMiddle(content(dump, step), happening);
              load.take(step, content, OptionalLong.empty());
            }
            load.commit();
          }
        });
  }

  /** In the middle of many rows something happens. */
  private InputStream inTheMiddle(byte[] content, Runnable happening) {
    return new InputStream() {
      private final InputStream in = new ByteArrayInputStream(content);
      private int read;

      @Override
      public int read() throws IOException {
        return in.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, Math.min(length, 256 << 10));
        read += Math.max(0, count);
        if (read > content.length / 2 && content.length > 1 << 20) {
          happening.run();
        }
        return count;
      }
    };
  }

  private void kill(String copy) {
    String busy =
        "SELECT ID FROM information_schema.PROCESSLIST WHERE ID<>CONNECTION_ID() AND (DB='"
            + copy
            + "' OR INFO LIKE '%"
            + copy
            + "%')";
    for (String id : server.ask("", busy)) {
      try (Connection killer = server.connect(MariaDbServer.Driver.MARIADB, "")) {
        killer.createStatement().execute("KILL CONNECTION " + id);
      } catch (SQLException gone) {
        assertEquals(1094, gone.getErrorCode());
      }
    }
  }
}
