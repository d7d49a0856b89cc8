package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRoundTripTest {

  @TempDir Path directory;

  private final Repos repos = new Repos();
  private String from = "";
  private String to = "";

  @BeforeEach
  void fill() throws Exception {
    from = Databases.sqlite(directory);
    to = Databases.sqlite(directory);
    Databases.run(
        from,
        "pragma user_version=7",
        "create table parents(id integer primary key autoincrement, name text collate nocase)",
        "create table things(a, b text, c blob, d decimal(10,2), e real, g int generated always as"
            + " (d*2) virtual, p references parents(id))",
        "create table keyed(a text, b int, primary key(a, b)) without rowid",
        "create table \"we \"\"ird/t\"(\"a b\" int)",
        "create unique index by_name on parents(name) where name is not null",
        "create view v as select * from things",
        "create table log(x)",
        "create trigger logging after insert on parents begin insert into log values(new.name); end",
        "insert into parents values(5,'a'),(3,'B'),(100,null)",
        "delete from parents where id=100",
        "insert into things(a,b,c,d,e,p) values(1,'x'||char(0)||'y\\'||char(9,10),x'00ff0a5c',1.25,9e999,3)",
        "insert into things(a,b) values(x'80',cast(x'e4f6' as text)),('12',12),(-9223372036854775808,''),(x'',1.5e300)",
        "insert into keyed values('b',2),('a',1)");
  }

  @AfterEach
  void close() {
    repos.close();
  }

  private static List<List<String>> all(String url) throws Exception {
    List<List<String>> all =
        new ArrayList<>(
            Databases.rows(
                url, "select type, name, tbl_name, sql from sqlite_master order by 2, 1"));
    all.addAll(Databases.rows(url, "pragma user_version"));
    for (String table : List.of("parents", "log", "sqlite_sequence", "\"we \"\"ird/t\"")) {
      all.addAll(Databases.rows(url, "select * from " + table));
    }
    String exact = "";
    for (String column : List.of("a", "b", "c", "d", "e", "g", "p")) {
      exact += (exact.isEmpty() ? "" : ",") + "typeof(" + column + "), hex(" + column + ")";
    }
    all.addAll(Databases.rows(url, "select " + exact + " from things order by rowid"));
    all.addAll(Databases.rows(url, "select * from keyed"));
    return all;
  }

  @Test
  void restore_intoAnEmptyDatabase_isTheSame() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    assertTrue(repos.restore(snapshot, JdbcTarget.into(to)).complete());

    assertEquals(all(from), all(to));
  }

  @Test
  void restore_swap_takesThePlaceOfWhatExists() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));
    repos.restore(snapshot, JdbcTarget.into(to));
    Databases.run(to, "delete from keyed", "drop index by_name", "create table own(kept)");

    repos.restore(snapshot, JdbcTarget.into(to).mode(JdbcTarget.Mode.SWAP));

    Databases.run(to, "drop table own");
    assertEquals(all(from), all(to));
  }

  @Test
  void restore_swapThatFails_leavesWhatExistsAsItWas() throws Exception {
    Databases.run(from, "create table checked(x int)", "insert into checked values(1),(-1),(2)");
    Snapshot snapshot = repos.backup(JdbcSource.of(from));
    repos.restore(snapshot, JdbcTarget.into(to));
    Databases.run(to, "drop table checked", "create table checked(x int check (x > 0))");
    List<List<String>> before = all(to);

    BackupException failure =
        assertThrows(
            BackupException.class,
            () -> repos.restore(snapshot, JdbcTarget.into(to).mode(JdbcTarget.Mode.ROWS)));

    assertTrue(String.valueOf(failure.getMessage()).contains("row 2 "), failure.getMessage());
    assertTrue(String.valueOf(failure.getMessage()).contains("checked"), failure.getMessage());
    assertEquals(before, all(to));
  }

  @Test
  void restore_rows_replacesRowsAndRunsNoTriggers() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));
    repos.restore(snapshot, JdbcTarget.into(to));
    Databases.run(to, "insert into parents values(50,'c')", "update things set b='changed'");

    repos.restore(snapshot, JdbcTarget.into(to).mode(JdbcTarget.Mode.ROWS));

    assertEquals(all(from), all(to));
  }

  @Test
  void restore_merge_keepsWhatTheSnapshotLacks() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from).include("parents").include("log"));
    repos.restore(snapshot, JdbcTarget.into(to));
    Databases.run(
        to, "insert into parents values(50,'c')", "update parents set name='x' where id=5");

    repos.restore(snapshot, JdbcTarget.into(to).mode(JdbcTarget.Mode.MERGE).tables("parents"));

    assertEquals(
        List.of(List.of("3", "B"), List.of("5", "a"), List.of("50", "c")),
        Databases.rows(to, "select * from parents"));
  }

  @Test
  void dryRun_changesNothingAndRefusesWhatTheRestoreWould() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    assertTrue(repos.dryRun(snapshot, JdbcTarget.into(to)).entries() > 5);

    assertEquals(List.of(), Databases.rows(to, "select * from sqlite_master"));
    repos.restore(snapshot, JdbcTarget.into(to));
    assertThrows(BackupException.class, () -> repos.dryRun(snapshot, JdbcTarget.into(to)));
  }

  @Test
  void leftOut_isNamedInTheSnapshot() throws Exception {
    Databases.run(
        from, "create virtual table words using fts5(x)", "insert into words values('a')");

    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    assertEquals("virtual table words\n", repos.text(snapshot, "varve/left-out"));
  }
}
