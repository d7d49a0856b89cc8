package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tablespaces are the server's: made where they are missing, left alone where they are there. */
class TablespaceTest {

  private static final String SPACES =
      "SELECT string_agg(relname || ' in ' || coalesce(spcname, 'none'), ', ' ORDER BY relname)"
          + " FROM pg_class c LEFT JOIN pg_tablespace s ON s.oid = reltablespace"
          + " WHERE relname IN ('kept', 'kept_pkey', 'found', 'usual')";

  private String source = "";
  private String target = "";
  private String space = "";
  private Path place = Path.of("");

  @BeforeEach
  void make() throws SQLException {
    source = Server.fresh();
    target = Server.fresh();
    space = source + "_Space";
    place = Path.of(System.getProperty("java.io.tmpdir"), space).toAbsolutePath();
    // The directory must be that of the server's user.
    onServer("mkdir '" + place + "'");
    Server.run("postgres", "CREATE TABLESPACE \"" + space + "\" LOCATION '" + place + "'");
    String in = " TABLESPACE \"" + space + "\"; ";
    Server.run(
        source,
        "CREATE TABLE kept (id integer, word text)"
            + in
            + "ALTER TABLE kept ADD PRIMARY KEY (id) USING INDEX"
            + in
            + "CREATE TABLE usual (id integer); CREATE INDEX found ON usual (id)"
            + in
            + "INSERT INTO kept SELECT i, md5(i::text) FROM generate_series(1, 1000) i");
  }

  @AfterEach
  void drop() throws SQLException {
    Server.run("postgres", "DROP DATABASE IF EXISTS " + source);
    Server.run("postgres", "DROP DATABASE IF EXISTS " + target);
    Server.run("postgres", "DROP TABLESPACE IF EXISTS \"" + space + "\"");
    onServer("rmdir '" + place + "'");
  }

  private static void onServer(String command) throws SQLException {
    Server.run("postgres", "COPY (SELECT 1) TO PROGRAM $$cat > /dev/null; " + command + "$$");
  }

  private Transfer dumped() throws IOException {
    return Transfer.dump(
        new PostgreSqlDialect(),
        source,
        new DumpOptions(Transfer.EVERYTHING, 2, true),
        new RecordingContext());
  }

  private RecordingContext load(Transfer dump, boolean roles) throws IOException {
    RecordingContext context = new RecordingContext();
    LoadOptions options = new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(), 2, roles, true);
    dump.load(target, options, dump.plan().steps(), context);
    return context;
  }

  private void requireSame(String spaces) throws SQLException {
    assertEquals(spaces, Server.ask(target, SPACES));
    String sum = "SELECT md5(string_agg(k::text, ',' ORDER BY id)) FROM kept k";
    assertEquals(Server.ask(source, sum), Server.ask(target, sum));
  }

  /** What is in it stays in the database. */
  private void dropSpace() throws SQLException {
    Server.run(source, "ALTER TABLE kept SET TABLESPACE pg_default");
    Server.run(source, "ALTER INDEX kept_pkey SET TABLESPACE pg_default");
    Server.run(source, "ALTER INDEX found SET TABLESPACE pg_default");
    Server.run("postgres", "DROP TABLESPACE \"" + space + "\"");
  }

  private String everywhere() {
    return "found in SPACE, kept in SPACE, kept_pkey in SPACE, usual in none"
        .replace("SPACE", space);
  }

  @Test
  void load_tablespaceExists_isLeftAndUsed() throws SQLException, IOException {
    RecordingContext context = load(dumped(), true);
    assertTrue(
        context.problems().toString().contains("The tablespace exists; it is left as it is"),
        context.problems().toString());
    requireSame(everywhere());
  }

  @Test
  void load_tablespaceMissing_isMade() throws SQLException, IOException {
    Transfer dump = dumped();
    String made = dump.text("database/tablespaces/" + space + ".sql");
    assertTrue(made.contains("LOCATION '" + place + "'"), made);
    dropSpace();
    load(dump, true);
    requireSame(everywhere());
  }

  @Test
  void load_tablespaceMissingAndNotAskedFor_saysSoAndUsesTheUsual()
      throws SQLException, IOException {
    Transfer dump = dumped();
    dropSpace();
    RecordingContext context = load(dump, false);
    assertTrue(
        context.problems().toString().contains("There is no tablespace " + space),
        context.problems().toString());
    requireSame("found in none, kept in none, kept_pkey in none, usual in none");
  }
}
