package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.examples.cli.Shell.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesTest {

  @TempDir Path directory;

  private Shell shell = Shell.bare();
  private String live = "";

  @BeforeEach
  void fill() throws Exception {
    shell = Shell.in(directory);
    shell.done("init");
    live = "jdbc:sqlite:" + directory.resolve("orders.db");
    run(
        live,
        "create table customers(id integer primary key, name text)",
        "create table orders(id integer primary key, customer int references customers(id))",
        "insert into customers values(1,'Ada')",
        "insert into orders values(10,1)");
    shell.done("backup", live);
  }

  @Test
  void snapshots_nameTheDatabase() {
    assertTrue(shell.done("snapshots").contains("jdbc:orders.db@"), shell.done("snapshots"));
  }

  @Test
  void restore_intoAnotherDatabase_bringsRows() throws Exception {
    String other = "jdbc:sqlite:" + directory.resolve("other.db");

    shell.done("restore", "latest", "--to", other);

    assertEquals("Ada", one(other, "select name from customers"));
    Said again = shell.run("restore", "latest", "--to", other);
    assertEquals(1, again.exitCode());
    assertTrue(again.err().contains("exists"), again.err());
    shell.done("restore", "latest", "--to", other, "--option", "mode=swap");
  }

  @Test
  void dumpAsSql_isAScriptOfWhatIsChosen() {
    String all = shell.done("dump", "latest", "--as", "sql");
    String some = shell.done("dump", "latest", "main/tables/customers", "--as", "sql");

    assertTrue(all.contains("INSERT INTO \"orders\" (\"id\", \"customer\") VALUES (10, 1);"), all);
    assertTrue(some.contains("'Ada'"), some);
    assertFalse(some.contains("orders"), some);
    String table = shell.done("dump", "latest", "--as", "sql", "--option", "table=orders");
    assertFalse(table.contains("Ada"), table);
  }

  @Test
  void password_inALocation_isRefusedAndNotRepeated() throws Exception {
    Said said = shell.run("backup", "jdbc:postgresql://app:s3cret@localhost/orders");

    assertEquals(2, said.exitCode());
    assertFalse(said.err().contains("s3cret"), said.err());
  }

  @Test
  void passwordFile_missing_isNamed() throws Exception {
    Path none = directory.resolve("none");
    Said said = shell.run("backup", live, "--option", "password-file=" + none);

    assertEquals(1, said.exitCode());
    assertTrue(said.err().contains(none.toString()), said.err());
    assertFalse(Files.exists(none));
  }

  @Test
  void driver_missing_saysWhatToAdd() {
    Said said = shell.run("backup", "jdbc:oracle:thin:@localhost/orders");

    assertTrue(said.err().contains("driver for oracle"), said.err());
  }

  private static void run(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String one(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      return String.valueOf(found.getString(1));
    }
  }
}
