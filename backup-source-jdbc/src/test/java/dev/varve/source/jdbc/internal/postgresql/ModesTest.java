package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.testkit.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a restore does with what exists. */
class ModesTest {

  private static final String SMALL =
      "CREATE SCHEMA s; CREATE EXTENSION citext WITH SCHEMA s;"
          + " CREATE TABLE s.parents (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name s.citext);"
          + " CREATE TABLE s.children (id integer PRIMARY KEY, parent integer REFERENCES s.parents, n"
          + " numeric, d text GENERATED ALWAYS AS (n::text || 'x') STORED);"
          + " CREATE SEQUENCE s.numbers; SELECT setval('s.numbers', 41);"
          + " INSERT INTO s.parents (name) SELECT 'p' || i FROM generate_series(1, 20) i;"
          + " INSERT INTO s.children SELECT i, 1 + i % 20, i / 3.0 FROM generate_series(1, 200) i;"
          + " CREATE VIEW s.joined AS SELECT c.id, p.name FROM s.children c JOIN s.parents p ON p.id ="
          + " c.parent";

  private static String small() throws SQLException {
    String database = Server.fresh();
    Server.run(database, SMALL);
    return database;
  }

  @Test
  void refuse_somethingExists_namesItAndChangesNothing() throws SQLException, IOException {
    String source = small();
    Transfer dump = Transfer.dump(source);
    String target = Server.fresh();
    Server.run(target, "CREATE SCHEMA s; CREATE TABLE s.children (x integer)");
    List<String> before = Judge.definitions(target);
    FileAlreadyExistsException refused =
        assertThrows(FileAlreadyExistsException.class, () -> dump.load(target));
    assertTrue(String.valueOf(refused.getMessage()).contains("s.children"), refused.getMessage());
    assertEquals(before, Judge.definitions(target));
  }

  @Test
  void refuse_failsInTheMiddle_removesWhatItMade() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = Server.fresh();
    Server.run(target, "CREATE TABLE public.mine (a integer)");
    List<String> before = Judge.definitions(target);
    IOException failed =
        assertThrows(
            IOException.class,
            () -> loadBroken(dump, target, JdbcTarget.Mode.REFUSE, "children/rows"));
    assertTrue(
        String.valueOf(failed.getMessage()).contains("s/tables/children/rows"),
        failed.getMessage());
    assertEquals(before, Judge.definitions(target));
  }

  @Test
  void refuse_somebodyMakesATableMeanwhile_thatTableStays() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = Server.fresh();
    Server.run(target, "CREATE SCHEMA s");
    try (Load load = begin(dump, target, JdbcTarget.Mode.REFUSE)) {
      Server.run(target, "CREATE TABLE s.children (x integer); INSERT INTO s.children VALUES (7)");
      assertThrows(IOException.class, () -> takeAll(dump, load));
    }
    assertEquals("7", Server.ask(target, "SELECT x FROM s.children").strip());
  }

  @Test
  void refuse_failsAfterOthersUsedWhatItMade_thatStays() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = Server.fresh();
    RecordingContext context = new RecordingContext();
    try (Load load = begin(dump, target, JdbcTarget.Mode.REFUSE, context)) {
      take(dump, load, Phase.DEFINITION);
      take(dump, load, Phase.ROWS);
      Server.run(
          target,
          "CREATE TABLE s.mine AS SELECT 7 AS x; CREATE SCHEMA other;"
              + " CREATE VIEW other.names AS SELECT name FROM s.parents");
    }
    assertEquals("7", Server.ask(target, "SELECT x FROM s.mine"));
    assertEquals("20", Server.ask(target, "SELECT count(*) FROM other.names"));
    assertEquals("null", Server.ask(target, "SELECT to_regclass('s.children')"));
    assertEquals("null", Server.ask(target, "SELECT to_regclass('s.numbers')"));
    String told = context.problems().toString();
    assertTrue(told.contains("table s.parents (") && told.contains("other.names"), told);
    assertTrue(told.contains("extension citext ("), told);
  }

  @Test
  void refuse_failsWhereARoleExists_theRoleStays() throws SQLException, IOException {
    String role = Server.fresh() + "_role";
    Server.run("postgres", "CREATE ROLE " + role);
    Transfer dump =
        Transfer.dump(
            new PostgreSqlDialect(),
            small(),
            new DumpOptions(Transfer.EVERYTHING, 2, true),
            new RecordingContext());
    String target = Server.fresh();
    LoadOptions withRoles = new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(), 2, true, true);
    try (Load load = begin(dump, target, withRoles, new RecordingContext())) {
      take(dump, load, Phase.DEFINITION);
    }
    assertEquals(
        "1", Server.ask(target, "SELECT count(*) FROM pg_roles WHERE rolname = '" + role + "'"));
    Server.run("postgres", "DROP ROLE " + role);
  }

  private static void take(Transfer dump, Load load, Phase phase) throws IOException {
    for (Step step : dump.plan().steps()) {
      if (step.phase() == phase) {
        load.take(step, new ByteArrayInputStream(dump.content(step)), dump.rows(step));
      }
    }
  }

  private static void takeAll(Transfer dump, Load load) throws IOException {
    for (Step step : dump.plan().steps()) {
      load.take(step, new ByteArrayInputStream(dump.content(step)), dump.rows(step));
    }
  }

  @Test
  void swap_schemaInUse_isReplacedAtOnce() throws SQLException, IOException {
    String source = small();
    Transfer dump = Transfer.dump(source);
    String target = small();
    Server.run(target, "DELETE FROM s.children WHERE id > 5; ALTER TABLE s.parents ADD later text");
    try (Connection reader = Server.connect(target);
        Statement statement = reader.createStatement()) {
      try (Load load = begin(dump, target, JdbcTarget.Mode.SWAP)) {
        for (Step step : dump.plan().steps()) {
          load.take(step, new ByteArrayInputStream(dump.content(step)), dump.rows(step));
          assertEquals(5, count(statement), () -> "while " + step.path() + " was taken");
        }
        load.commit();
      }
      assertEquals(200, count(statement));
    }
    assertEquals(
        List.of(), Judge.differences(Judge.definitions(source), Judge.definitions(target)));
    assertEquals(Judge.rows(source), Judge.rows(target));
  }

  private static Load begin(Transfer dump, String target, JdbcTarget.Mode mode) throws IOException {
    return begin(dump, target, mode, new RecordingContext());
  }

  private static Load begin(
      Transfer dump, String target, JdbcTarget.Mode mode, RecordingContext context)
      throws IOException {
    return begin(dump, target, Transfer.options(mode), context);
  }

  private static Load begin(
      Transfer dump, String target, LoadOptions options, RecordingContext context)
      throws IOException {
    return new PostgreSqlDialect()
        .load(Server.connections(target), dump.plan(), dump.plan().steps(), options, context);
  }

  private static int count(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT count(*) FROM s.children")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void swap_failsAtAnyStep_liveIsUntouched() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = small();
    Server.run(target, "DELETE FROM s.children WHERE id > 5");
    List<String> before = Judge.definitions(target);
    Map<String, String> rows = Judge.rows(target);
    for (String broken : List.of("parents/table.sql", "children/rows", "foreign-keys")) {
      assertThrows(IOException.class, () -> loadBroken(dump, target, JdbcTarget.Mode.SWAP, broken));
      assertEquals(before, Judge.definitions(target));
      assertEquals(rows, Judge.rows(target));
    }
  }

  @Test
  void swap_neededElsewhere_isRefused() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = small();
    Server.run(target, "CREATE SCHEMA other; CREATE VIEW other.mine AS SELECT name FROM s.parents");
    List<String> before = Judge.definitions(target);
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                dump.load(
                    target,
                    Transfer.options(JdbcTarget.Mode.SWAP),
                    dump.plan().steps(),
                    new RecordingContext()));
    assertTrue(String.valueOf(refused.getMessage()).contains("other.mine"), refused.getMessage());
    assertEquals(before, Judge.definitions(target));
  }

  private static final String TABLES =
      "CREATE TYPE s.mood AS ENUM ('sad', 'happy'); CREATE SEQUENCE s.shared; CREATE FUNCTION s.f()"
          + " RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE s.single (id"
          + " serial PRIMARY KEY, m s.mood, k integer DEFAULT nextval('s.shared'), p integer REFERENCES"
          + " s.parents); CREATE INDEX by_m ON s.single (m); CREATE TRIGGER t BEFORE INSERT ON s.single"
          + " FOR EACH ROW EXECUTE FUNCTION s.f(); INSERT INTO s.single (m, p) SELECT 'happy', 1 FROM"
          + " generate_series(1, 50)";

  private static List<Step> stepsOf(Transfer dump, String table) {
    Set<EntryPath> wanted = new HashSet<>();
    for (int i = dump.plan().steps().size() - 1; i >= 0; i--) {
      Step step = dump.plan().steps().get(i);
      boolean own = step.table().filter(t -> t.toString().equals(table)).isPresent();
      if (own || wanted.contains(step.path())) {
        wanted.add(step.path());
        wanted.addAll(step.requires());
      }
    }
    return dump.plan().steps().stream().filter(s -> wanted.contains(s.path())).toList();
  }

  private static void swap(Transfer dump, String target, List<Step> steps) throws IOException {
    dump.load(target, Transfer.options(JdbcTarget.Mode.SWAP), steps, new RecordingContext());
  }

  @Test
  void swap_oneTable_replacesItAndLeavesOthers() throws SQLException, IOException {
    String source = small();
    Server.run(source, TABLES);
    Transfer dump = Transfer.dump(source);
    List<String> definitions = Judge.definitions(source);
    Map<String, String> rows = Judge.rows(source);
    Server.run(
        source,
        "DELETE FROM s.single WHERE id > 3; ALTER TABLE s.single ADD later text; DROP INDEX s.by_m;"
            + " CREATE TABLE s.later AS SELECT 7 AS x");
    swap(dump, source, stepsOf(dump, "s.single"));
    assertEquals("7", Server.ask(source, "SELECT x FROM s.later"));
    Server.run(source, "DROP TABLE s.later");
    assertEquals(List.of(), Judge.differences(definitions, Judge.definitions(source)));
    assertEquals(rows, Judge.rows(source));
    assertEquals(
        "0", Server.ask(source, "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^varve_'"));
  }

  @Test
  void swap_oneTableThatOthersNeed_isRefused() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = small();
    List<String> before = Judge.definitions(target);
    IOException refused =
        assertThrows(IOException.class, () -> swap(dump, target, stepsOf(dump, "s.parents")));
    String told = String.valueOf(refused.getMessage());
    assertTrue(told.contains("children_parent_fkey") && told.contains("s.joined"), told);
    assertTrue(told.contains("rows or merge"), told);
    assertEquals(before, Judge.definitions(target));
  }

  @Test
  void swap_snapshotOfSomeTables_leavesWhatItDoesNotHave() throws SQLException, IOException {
    String source = small();
    Server.run(source, TABLES);
    Transfer dump =
        Transfer.dump(
            new PostgreSqlDialect(),
            source,
            new DumpOptions(
                Transfer.selection(table -> table.table().equals("single"), false), 1, false),
            new RecordingContext());
    Server.run(source, "UPDATE s.single SET k = -1");
    swap(dump, source, dump.plan().steps());
    assertEquals("200", Server.ask(source, "SELECT count(*) FROM s.children"));
    assertEquals("0", Server.ask(source, "SELECT count(*) FROM s.single WHERE k = -1"));
  }

  @Test
  void rename_schemaThatExists_liesBesideIt() throws SQLException, IOException {
    String source = small();
    Transfer dump = Transfer.dump(source);
    List<String> before = Judge.definitions(source);
    LoadOptions renamed = new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of("s", "t"), 2, false, true);
    dump.load(source, renamed, dump.plan().steps(), new RecordingContext());
    Map<String, String> rows = Judge.rows(source);
    assertEquals(rows.get("s.children"), rows.get("t.children"));
    assertEquals(rows.get("s.parents"), rows.get("t.parents"));
    List<String> after = Judge.definitions(source);
    assertEquals(List.of(), before.stream().filter(line -> !after.contains(line)).toList());
    assertEquals(
        "t.parents",
        Server.ask(
            source,
            "SELECT confrelid::regclass FROM pg_constraint WHERE conrelid = 't.children'::regclass AND"
                + " contype = 'f'"));
  }

  @Test
  void rows_tablesThatExist_holdExactlyTheDumpedOnes() throws SQLException, IOException {
    String source = small();
    Transfer dump = Transfer.dump(source);
    String target = small();
    Server.run(
        target,
        "UPDATE s.children SET n = -1; DELETE FROM s.children WHERE id < 50; SELECT"
            + " setval('s.numbers', 7); INSERT INTO s.children VALUES (1000, 1, 1)");
    dump.load(
        target,
        Transfer.options(JdbcTarget.Mode.ROWS),
        dump.plan().steps().stream().filter(s -> s.phase() == Phase.ROWS).toList(),
        new RecordingContext());
    assertEquals(Judge.rows(source), Judge.rows(target));
  }

  @Test
  void rows_ofOneTableThatAnotherNeeds_areRefusedIfTheyLeaveAGap()
      throws SQLException, IOException {
    String source = small();
    Server.run(
        source, "DELETE FROM s.children WHERE parent = 3; DELETE FROM s.parents WHERE id = 3");
    Transfer dump = Transfer.dump(source);
    String target = small();
    Map<String, String> before = Judge.rows(target);
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                dump.load(
                    target,
                    Transfer.options(JdbcTarget.Mode.ROWS),
                    dump.rowSteps(Set.of("s.parents")),
                    new RecordingContext()));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("children_parent_fkey"),
        refused.getMessage());
    assertEquals(before, Judge.rows(target));
  }

  @Test
  void merge_rowsChangedAddedAndRemoved_dumpedOnesComeBackOthersStay()
      throws SQLException, IOException {
    String source = small();
    Transfer dump = Transfer.dump(source);
    String target = small();
    Server.run(
        target,
        "UPDATE s.children SET n = -1 WHERE id < 100; DELETE FROM s.children WHERE id < 50; UPDATE"
            + " s.parents SET name = 'other'; INSERT INTO s.children VALUES (1000, 1, 1); SELECT"
            + " setval('s.numbers', 99)");
    dump.load(
        target,
        Transfer.options(JdbcTarget.Mode.MERGE),
        dump.plan().steps().stream().filter(s -> s.phase() == Phase.ROWS).toList(),
        new RecordingContext());
    assertEquals("1", Server.ask(target, "SELECT count(*) FROM s.children WHERE id = 1000"));
    assertEquals("99", Server.ask(target, "SELECT last_value FROM s.numbers"));
    Server.run(target, "DELETE FROM s.children WHERE id = 1000; SELECT setval('s.numbers', 41)");
    assertEquals(Judge.rows(source), Judge.rows(target));
  }

  @Test
  void merge_tableWithoutKey_isRefused() throws SQLException, IOException {
    String source = small();
    Server.run(source, "CREATE TABLE s.loose (a integer)");
    Transfer dump = Transfer.dump(source);
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                dump.load(
                    source,
                    Transfer.options(JdbcTarget.Mode.MERGE),
                    dump.rowSteps(Set.of("s.loose")),
                    new RecordingContext()));
    assertTrue(String.valueOf(refused.getMessage()).contains("s.loose"), refused.getMessage());
  }

  @Test
  void dryRun_anyMode_changesNothing() throws SQLException, IOException {
    Transfer dump = Transfer.dump(small());
    String target = small();
    Map<String, String> before = Judge.rows(target);
    for (JdbcTarget.Mode mode :
        List.of(JdbcTarget.Mode.SWAP, JdbcTarget.Mode.MERGE, JdbcTarget.Mode.ROWS)) {
      new PostgreSqlDialect()
          .load(
              Server.connections(target),
              dump.plan(),
              dump.plan().steps(),
              Transfer.options(mode),
              RecordingContext.forDryRun())
          .close();
    }
    assertEquals(before, Judge.rows(target));
  }

  /** Loads until the first step that is called so, whose content is broken. */
  private static void loadBroken(Transfer dump, String target, JdbcTarget.Mode mode, String broken)
      throws IOException {
    try (Load load = begin(dump, target, mode)) {
      for (Step step : dump.plan().steps()) {
        byte[] content = dump.content(step);
        OptionalLong rows = dump.rows(step);
        if (step.path().toString().contains(broken)) {
          content = "broken; not at all\n".getBytes(StandardCharsets.UTF_8);
        }
        load.take(step, new ByteArrayInputStream(content), rows);
      }
      load.commit();
    }
  }
}
