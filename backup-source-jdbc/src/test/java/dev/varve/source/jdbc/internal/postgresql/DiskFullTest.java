package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.testkit.RecordingContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a load does when the server cannot make a table's file longer: to PostgreSQL a limit of
 * files' sizes is a full disk.
 */
class DiskFullTest {

  /** More than a segment of its journal, less than the table. */
  private static final int MOST_FILE_BYTES = 20_000_000;

  private static final String LIVE =
      "DROP TABLE IF EXISTS public.t; CREATE TABLE public.t (id integer PRIMARY KEY, x text);"
          + " INSERT INTO public.t VALUES (-1, 'live'), (-2, 'too')";

  @Test
  void load_diskFull_saysSoAndLeavesWhatIsLive() throws Exception {
    Transfer dump = Transfer.dump(large());
    try (EmbeddedPostgres server = Server.builder().start()) {
      Connections there = Server.connections(server);
      assumeTrue(limit(server), "there is no prlimit to keep a server's files small");
      for (JdbcTarget.Mode mode : List.of(JdbcTarget.Mode.SWAP, JdbcTarget.Mode.ROWS)) {
        run(there, LIVE);
        assertFull(assertThrows(IOException.class, () -> load(dump, there, mode)));
        assertEquals("2 -3", ask(there, "SELECT count(*) || ' ' || sum(id) FROM public.t"));
      }
      run(there, "DROP TABLE public.t");
      assertFull(assertThrows(IOException.class, () -> load(dump, there, JdbcTarget.Mode.REFUSE)));
      assertEquals("null", ask(there, "SELECT to_regclass('public.t')"));
    }
  }

  private static void assertFull(IOException failure) {
    String told = String.valueOf(failure.getMessage());
    assertTrue(told.contains("public/tables/t/rows"), told);
    assertTrue(told.contains("could not extend file"), told);
    assertTrue(told.contains("make room"), told);
  }

  private static String large() throws SQLException {
    String database = Server.fresh();
    Server.run(
        database,
        "CREATE TABLE public.t (id integer PRIMARY KEY, x text); INSERT INTO public.t SELECT i,"
            + " repeat(md5(i::text), 30) FROM generate_series(1, 24000) i");
    return database;
  }

  private static boolean limit(EmbeddedPostgres server) throws Exception {
    Connections there = Server.connections(server);
    Path lock = Path.of(ask(there, "SHOW data_directory"), "postmaster.pid");
    String pid = Files.readAllLines(lock).get(0).strip();
    Path prlimit = Path.of("/usr/bin/prlimit");
    return Files.isExecutable(prlimit)
        && new ProcessBuilder(prlimit.toString(), "--pid=" + pid, "--fsize=" + MOST_FILE_BYTES)
                .inheritIO()
                .start()
                .waitFor()
            == 0;
  }

  private static void load(Transfer dump, Connections there, JdbcTarget.Mode mode)
      throws IOException {
    List<Step> steps =
        dump.plan().steps().stream()
            .filter(step -> mode != JdbcTarget.Mode.ROWS || step.phase() == Phase.ROWS)
            .toList();
    try (Load load =
        new PostgreSqlDialect()
            .load(there, dump.plan(), steps, Transfer.options(mode), new RecordingContext())) {
      for (Step step : steps) {
        load.take(step, new ByteArrayInputStream(dump.content(step)), dump.rows(step));
      }
      load.commit();
    }
  }

  private static void run(Connections there, String sql) throws SQLException, IOException {
    try (Connection connection = there.open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Connections there, String sql) throws SQLException, IOException {
    try (Connection connection = there.open();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }
}
