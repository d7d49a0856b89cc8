package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Snapshot;
import dev.varve.SourceException;
import dev.varve.source.jdbc.JdbcSource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user may not see, what a dump does not carry, and who owns what. */
class RightsTest {

  private final MariaDbServer server = MariaDbServer.shared();
  private final String schema = server.newSchema();
  private final String user = "weak_" + schema;

  private JdbcSource weak(Backups backups) {
    return backups.source(schema).user(user).password(() -> "weak-password");
  }

  private void makeUser(String... grants) {
    server.run(
        "",
        "DROP USER IF EXISTS " + user,
        "CREATE USER " + user + " IDENTIFIED BY 'weak-password'");
    for (String grant : grants) {
      server.run("", "GRANT " + grant + " TO " + user);
    }
  }

  @Test
  void check_rightsAreMissing_namesAllOfThem() {
    server.run(schema, "CREATE TABLE t (id INT)");
    makeUser("SELECT ON " + schema + ".*");
    try (Backups backups = new Backups(server)) {
      IOException failure =
          assertThrows(IOException.class, () -> weak(backups).check(new RecordingContext()));

      for (String right : List.of("TRIGGER on", "EVENT on", "RELOAD", "mysql.proc")) {
        assertTrue(String.valueOf(failure.getMessage()).contains(right), failure.getMessage());
      }
      assertTrue(!String.valueOf(failure.getMessage()).contains("weak-password"));
    }
    makeUser("SELECT, SHOW VIEW, TRIGGER, EVENT, RELOAD ON *.*");
    try (Backups backups = new Backups(server)) {
      RecordingContext context = new RecordingContext();
      try {
        weak(backups).check(context);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      assertEquals(List.of(), context.problems());
    }
  }

  @Test
  void backup_aTableMayNotBeRead_failsNamingIt() {
    server.run(schema, "CREATE TABLE secret (id INT)");
    makeUser("SHOW VIEW, TRIGGER, EVENT, INSERT ON *.*");
    try (Backups backups = new Backups(server)) {
      SourceException failure =
          assertThrows(SourceException.class, () -> backups.report(weak(backups).connections(1)));

      assertTrue(String.valueOf(failure.getMessage()).contains("grant"), failure.getMessage());
    }
  }

  @Test
  void backup_leavesThingsOut_namesThem() throws IOException {
    server.run(
        schema,
        "CREATE TABLE t (id INT) ENGINE=MyISAM",
        "CREATE TABLE v (id INT PRIMARY KEY) WITH SYSTEM VERSIONING",
        "CREATE TABLE gone (id INT)",
        "CREATE VIEW broken AS SELECT * FROM gone",
        "DROP TABLE gone");
    makeUser("SELECT, SHOW VIEW ON *.*");
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.report(weak(backups).connections(1)).snapshot();
      String leftOut = backups.text(snapshot, "varve/left-out");

      assertTrue(leftOut.contains("table " + schema + ".t (myisam"), leftOut);
      assertTrue(leftOut.contains("history of table " + schema + ".v"), leftOut);
      assertTrue(leftOut.contains("view " + schema + ".broken"), leftOut);
      assertTrue(leftOut.contains("triggers of " + schema), leftOut);
      assertTrue(leftOut.contains("events of " + schema), leftOut);
      assertTrue(leftOut.contains("users, roles"), leftOut);
    }
  }

  @Test
  void roles_areCarriedIfAsked() {
    String role = "role_" + schema;
    server.run("", "DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role);
    server.run(schema, "CREATE TABLE t (id INT)");
    makeUser("SELECT ON " + schema + ".t", role);
    server.run("", "GRANT INSERT ON " + schema + ".* TO " + role);
    List<String> grants = server.ask("", "SHOW GRANTS FOR " + user);
    List<String> roleGrants = server.ask("", "SHOW GRANTS FOR " + role);
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.report(backups.source(schema).roles()).snapshot();
      server.run("", "DROP USER " + user, "DROP ROLE " + role, "DROP DATABASE " + schema);

      backups.restore(snapshot, backups.target().roles());
    }
    assertEquals(grants, server.ask("", "SHOW GRANTS FOR " + user));
    assertEquals(roleGrants, server.ask("", "SHOW GRANTS FOR " + role));
  }

  @Test
  void definers_stayOrAreLeft() {
    makeUser("ALL ON " + schema + ".*");
    server.run(
        schema,
        "CREATE TABLE t (id INT)",
        "CREATE DEFINER=" + user + " VIEW v AS SELECT id FROM t",
        "CREATE DEFINER=" + user + " PROCEDURE p() SELECT 'DEFINER=`x`@`y`'");
    String copy = schema + "_copy";
    String definers =
        "SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA='"
            + copy
            + "' UNION ALL"
            + " SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='"
            + copy
            + "'";
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.backup(schema);
      server.run("", "DROP DATABASE IF EXISTS " + copy);
      backups.restore(snapshot, backups.target().schema(schema, copy));
      assertEquals(List.of(user + "@%", user + "@%"), server.ask("", definers));
      server.run("", "DROP DATABASE " + copy);
      backups.restore(snapshot, backups.target().schema(schema, copy).withoutOwners());
      String self = server.one("", "SELECT CURRENT_USER()");
      assertEquals(List.of(self, self), server.ask("", definers));
    }
  }
}
