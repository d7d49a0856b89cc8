package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is large, and what is read in parts. */
class LargeTest {

  @Test
  void largeObjects_ofTensOfMegabytes_comeBack() throws SQLException, IOException {
    String source = Server.fresh();
    Server.run(
        source,
        "SELECT lo_from_bytea(5001, (SELECT string_agg(sha512(i::text::bytea), '') FROM"
            + " generate_series(1, 400000) i)); SELECT lo_from_bytea(5002, 'x'); SELECT"
            + " lo_from_bytea(5003, decode(repeat('00', 1048576), 'hex'))");
    Transfer dump = Transfer.dump(source);
    String target = Server.fresh();
    dump.load(target);
    assertEquals(Judge.definitions(source), Judge.definitions(target));
    Server.run(target, "SELECT lo_unlink(5002); SELECT lo_put(5001, 100, 'changed')");
    dump.load(
        target,
        Transfer.options(JdbcTarget.Mode.ROWS),
        dump.plan().steps().stream().filter(step -> step.phase() == Phase.ROWS).toList(),
        new RecordingContext());
    assertEquals(
        Server.ask(source, "SELECT md5(lo_get(5001)) || md5(lo_get(5002))"),
        Server.ask(target, "SELECT md5(lo_get(5001)) || md5(lo_get(5002))"));
  }

  @Test
  void rows_ofALargeTable_areReadInPartsThatStayWhereTheyAre() throws SQLException, IOException {
    String source = Server.fresh();
    Server.run(
        source,
        "CREATE TABLE public.t (id integer, x text, g integer GENERATED ALWAYS AS (id * 2) STORED);"
            + " INSERT INTO public.t SELECT i, md5(i::text) FROM generate_series(1, 5000) i");
    PostgreSqlDialect small = new PostgreSqlDialect(8);
    DumpOptions options = new DumpOptions(Transfer.EVERYTHING, 2, false);
    Transfer first = Transfer.dump(small, source, options, new RecordingContext());
    List<String> parts = parts(first);
    assumeTrue(Server.version() >= 14, "before 14 a range of pages cannot be scanned");
    assertTrue(parts.size() > 3, parts.toString());
    Server.run(source, "INSERT INTO public.t SELECT i, 'more' FROM generate_series(1, 2000) i");
    Transfer second = Transfer.dump(small, source, options, new RecordingContext());
    for (String part : parts.subList(0, parts.size() - 1)) {
      assertEquals(first.text(part), second.text(part));
    }
    String target = Server.fresh();
    second.load(target);
    assertEquals(Judge.rows(source), Judge.rows(target));
  }

  private static List<String> parts(Transfer dump) {
    return dump.plan().steps().stream()
        .map(step -> step.path().toString())
        .filter(path -> path.startsWith("public/tables/t/rows/"))
        .toList();
  }

  @Test
  void dump_someTablesSelected_carriesTheseAndWhatTheyNeed() throws SQLException, IOException {
    String source = Everything.database();
    DumpOptions options =
        new DumpOptions(
            Transfer.selection(
                table -> table.schema().equals("shop") && table.table().equals("orders"), false),
            1,
            false);
    Transfer dump = Transfer.dump(new PostgreSqlDialect(), source, options, new RecordingContext());
    assertEquals(
        List.of("foreign key to_customer of shop.orders, whose other table is not selected"),
        dump.plan().leftOut());
    String target = Server.fresh();
    dump.load(target);
    assertEquals(Judge.rows(source).get("shop.orders"), Judge.rows(target).get("shop.orders"));
  }

  @Test
  void roles_byOption_areMadeWithTheirMemberships() throws SQLException, IOException {
    String source = Server.fresh();
    String role = source + "_role";
    String member = source + "_member";
    Server.run(
        source,
        "CREATE ROLE "
            + role
            + " LOGIN CREATEDB CONNECTION LIMIT 7 VALID UNTIL '2030-01-01'; CREATE ROLE "
            + member
            + "; GRANT "
            + role
            + " TO "
            + member
            + "; ALTER ROLE "
            + role
            + " SET work_mem = '12MB'; CREATE TABLE public.t (a integer); ALTER TABLE public.t OWNER TO "
            + role);
    Transfer dump =
        Transfer.dump(
            new PostgreSqlDialect(),
            source,
            new DumpOptions(Transfer.EVERYTHING, 1, true),
            new RecordingContext());
    String before = describe(role, member);
    Server.run(source, "DROP TABLE public.t; DROP ROLE " + member + "; DROP ROLE " + role);
    String target = Server.fresh();
    IOException missing =
        org.junit.jupiter.api.Assertions.assertThrows(IOException.class, () -> dump.load(target));
    assertTrue(String.valueOf(missing.getMessage()).contains(role), missing.getMessage());
    dump.load(
        target,
        new LoadOptions(JdbcTarget.Mode.REFUSE, Map.of(), 2, true, true),
        dump.plan().steps(),
        new RecordingContext());
    assertEquals(before, describe(role, member));
    assertEquals(
        role, Server.ask(target, "SELECT tableowner FROM pg_tables WHERE tablename = 't'"));
  }

  private static String describe(String role, String member) throws SQLException {
    return Server.ask(
        "postgres",
        "SELECT rolcanlogin || ' ' || rolcreatedb || ' ' || rolconnlimit || ' ' || rolvaliduntil || ' '"
            + " || rolconfig::text || pg_has_role('"
            + member
            + "', '"
            + role
            + "', 'MEMBER') FROM pg_roles WHERE rolname = '"
            + role
            + "'");
  }
}
