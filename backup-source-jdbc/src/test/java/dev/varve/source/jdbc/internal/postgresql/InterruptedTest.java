package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.source.SourceLostException;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.testkit.RecordingContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What a dump and a load do when something ends them early. */
class InterruptedTest {

  private static final DumpOptions TWO = new DumpOptions(Transfer.EVERYTHING, 2, false);

  private static String large() throws SQLException {
    String database = Server.fresh();
    Server.run(
        database,
        "CREATE TABLE public.t (id integer PRIMARY KEY, x text); INSERT INTO public.t SELECT i,"
            + " repeat(md5(i::text), 30) FROM generate_series(1, 20000) i;"
            + " CREATE TABLE public.u (a integer); INSERT INTO public.u VALUES (1)");
    return database;
  }

  private static Step rows(Dump dump, String table) {
    return dump.plan().steps().stream()
        .filter(step -> step.path().toString().equals("public/tables/" + table + "/rows"))
        .findFirst()
        .orElseThrow();
  }

  private static Dump begin(String database) throws IOException {
    return new PostgreSqlDialect().dump(Server.connections(database), TWO, new RecordingContext());
  }

  private static void end(String database, String function) throws SQLException {
    Server.ask(
        "postgres",
        "SELECT count("
            + function
            + "(pid)) FROM pg_stat_activity WHERE datname = '"
            + database
            + "' AND pid <> pg_backend_pid()");
  }

  private static IOException failure(Reading reading) {
    return assertThrows(IOException.class, () -> Transfer.all(reading));
  }

  @Test
  void read_connectionKilled_theWholeDumpIsLost() throws SQLException, IOException {
    String database = large();
    try (Dump dump = begin(database)) {
      Reading reading = dump.open(rows(dump, "t"));
      reading.read(ByteBuffer.allocate(100));
      end(database, "pg_terminate_backend");
      IOException lost = failure(reading);
      assertTrue(lost instanceof SourceLostException, lost.toString());
      assertTrue(
          String.valueOf(lost.getMessage()).contains("public/tables/t/rows"), lost.getMessage());
      assertThrows(SourceLostException.class, dump::finish);
    }
  }

  @Test
  void read_statementCancelledByServer_theWholeDumpIsLost() throws SQLException, IOException {
    String database = large();
    try (Dump dump = begin(database)) {
      Reading reading = dump.open(rows(dump, "t"));
      reading.read(ByteBuffer.allocate(100));
      end(database, "pg_cancel_backend");
      IOException lost = failure(reading);
      assertTrue(lost instanceof SourceLostException, lost.toString());
    }
  }

  @Test
  void dump_roleWithStatementTimeout_isNotTouchedByIt() throws SQLException, IOException {
    String database = large();
    Server.run(database, "ALTER DATABASE " + database + " SET statement_timeout = '1s'");
    try (Dump dump = begin(database);
        Reading reading = dump.open(rows(dump, "t"))) {
      reading.read(ByteBuffer.allocate(100));
      await(database, "state = 'active' AND clock_timestamp() - query_start > interval '1.2 s'");
      Transfer.all(reading);
      assertEquals(20_000, reading.rows().orElse(0));
    }
  }

  private static dev.varve.EntryPath path(String table) {
    return dev.varve.EntryPath.of("public/tables/" + table + "/rows");
  }

  @Test
  void read_closedHalfway_othersGoOn() throws SQLException, IOException {
    String database = large();
    try (Dump dump = begin(database)) {
      for (int i = 0; i < 5; i++) {
        Reading broken = dump.open(rows(dump, "t"));
        broken.read(ByteBuffer.allocate(100));
        broken.close();
        assertThrows(IOException.class, () -> broken.read(ByteBuffer.allocate(100)));
      }
      try (Reading whole = dump.open(rows(dump, "t"))) {
        Transfer.all(whole);
        assertEquals(20_000, whole.rows().orElse(0));
      }
      dump.finish();
    }
  }

  @Test
  void read_somebodyWaitsForTheTable_isStillRead() throws Exception {
    String database = large();
    CompletableFuture<Void> waiting;
    try (Dump dump = begin(database)) {
      waiting =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Server.run(database, "ALTER TABLE public.t ADD COLUMN later integer");
                } catch (SQLException failure) {
                  throw new IllegalStateException(failure);
                }
              });
      awaitLock(database);
      for (int i = 0; i < 3; i++) {
        try (Reading whole = dump.open(rows(dump, "t"));
            Reading other = dump.open(rows(dump, "u"))) {
          Transfer.all(whole);
          Transfer.all(other);
          assertEquals(20_000, whole.rows().orElse(0));
        }
      }
      dump.finish();
    }
    waiting.get();
  }

  private static void awaitLock(String database) throws SQLException {
    await(database, "wait_event_type = 'Lock'");
  }

  /** Waits until some session is like that. */
  private static void await(String database, String condition) throws SQLException {
    while (Server.ask(
            "postgres",
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '"
                + database
                + "' AND "
                + condition)
        .equals("0")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void dump_cancelledWhileItWaits_ends() throws Exception {
    String database = large();
    RecordingContext context = new RecordingContext();
    try (Connection locker = Server.connect(database);
        Statement statement = locker.createStatement()) {
      locker.setAutoCommit(false);
      statement.execute("LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<Void> dumping =
          CompletableFuture.runAsync(
              () -> {
                try {
                  new PostgreSqlDialect().dump(Server.connections(database), TWO, context).close();
                } catch (IOException failure) {
                  throw new IllegalStateException(failure);
                }
              });
      awaitLock(database);
      context.cancel();
      assertThrows(ExecutionException.class, dumping::get);
    }
  }

  @Test
  void dump_withoutRights_saysWhichAreMissing() throws SQLException, IOException {
    String database = large();
    String role = database + "_weak";
    Server.run(
        database,
        "CREATE ROLE " + role + " LOGIN PASSWORD 'p'; GRANT SELECT ON public.u TO " + role);
    Connections weak =
        new Connections() {
          @Override
          public Connection open() throws SQLException {
            return DriverManager.getConnection(Server.url(database), role, "p");
          }

          @Override
          public String toString() {
            return "jdbc:postgresql:" + database;
          }
        };
    IOException refused =
        assertThrows(IOException.class, () -> new PostgreSqlDialect().check(weak, TWO));
    assertTrue(refused instanceof RefusedException, refused.toString());
    assertTrue(String.valueOf(refused.getMessage()).contains("public.t"), refused.getMessage());
    assertThrows(
        RefusedException.class,
        () -> new PostgreSqlDialect().dump(weak, TWO, new RecordingContext()));
  }

  @Test
  void load_connectionKilled_removesWhatItMade() throws SQLException, IOException {
    Transfer dump = Transfer.dump(large());
    for (JdbcTarget.Mode mode : List.of(JdbcTarget.Mode.REFUSE, JdbcTarget.Mode.SWAP)) {
      String target = Server.fresh();
      List<String> before = Judge.definitions(target);
      assertThrows(IOException.class, () -> killed(dump, target, mode));
      assertEquals(before, Judge.definitions(target));
    }
  }

  private static void killed(Transfer dump, String target, JdbcTarget.Mode mode)
      throws IOException, SQLException {
    try (Load load =
        new PostgreSqlDialect()
            .load(
                Server.connections(target),
                dump.plan(),
                dump.plan().steps(),
                Transfer.options(mode),
                new RecordingContext())) {
      for (Step step : dump.plan().steps()) {
        if (step.path().equals(path("u"))) {
          end(target, "pg_terminate_backend");
        }
        load.take(step, new ByteArrayInputStream(dump.content(step)), dump.rows(step));
      }
    }
  }

  @Test
  void read_serverStops_theWholeDumpIsLost() throws IOException {
    EmbeddedPostgres server = Server.builder().start();
    Connections there = Server.connections(server);
    try (Connection connection = there.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE public.t AS SELECT repeat(md5(i::text), 10) FROM generate_series(1, 100000) i");
    } catch (SQLException failure) {
      throw new IOException(failure);
    }
    try (Dump dump = new PostgreSqlDialect().dump(there, TWO, new RecordingContext())) {
      Reading reading = dump.open(rows(dump, "t"));
      reading.read(ByteBuffer.allocate(100));
      server.close();
      IOException lost = failure(reading);
      assertTrue(lost instanceof SourceLostException, lost.toString());
    }
  }
}
