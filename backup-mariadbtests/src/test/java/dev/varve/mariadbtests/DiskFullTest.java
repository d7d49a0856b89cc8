package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Snapshot;
import dev.varve.TargetException;
import dev.varve.mariadbtests.MariaDbServer.Driver;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.JdbcTarget.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a restore does when the server has no room left: its tables lie in one file that ends. */
class DiskFullTest {

  private final MariaDbServer server = MariaDbServer.shared();
  private final String schema = server.newSchema();

  @Test
  void restore_diskIsFull_saysSoAndLeavesWhatIsLive() {
    server.run(
        schema,
        "CREATE TABLE large (id INT PRIMARY KEY, t VARCHAR(1000))",
        "INSERT INTO large SELECT seq, REPEAT(MD5(seq), 30) FROM seq_1_to_24000");
    MariaDbServer small =
        MariaDbServer.start(
            "--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:20M");
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.backup(schema);
      small.run("", "CREATE DATABASE " + schema);
      small.run(
          schema,
          "CREATE TABLE large (id INT PRIMARY KEY, t VARCHAR(1000))",
          "INSERT INTO large VALUES (-1,'live'),(-2,'too')");
      for (Mode mode : List.of(Mode.SWAP, Mode.ROWS, Mode.MERGE)) {
        assertFull(backups, snapshot, target(small, Driver.MARIADB).mode(mode));
        assertEquals(
            List.of("-2 | too", "-1 | live"), small.ask(schema, "SELECT * FROM large ORDER BY id"));
        assertEquals(List.of(schema), schemas(small));
      }
      small.run("", "DROP DATABASE " + schema);
      for (Driver driver : Driver.values()) {
        assertFull(backups, snapshot, target(small, driver));
        assertEquals(List.of(), schemas(small));
      }
    } finally {
      small.stop();
    }
  }

  private static JdbcTarget target(MariaDbServer small, Driver driver) {
    return JdbcTarget.into(small.url(driver, "")).user(small.user()).password(small::password);
  }

  private void assertFull(Backups backups, Snapshot snapshot, JdbcTarget target) {
    TargetException failure =
        assertThrows(TargetException.class, () -> backups.restore(snapshot, target));
    String told = String.valueOf(failure.getMessage());
    assertTrue(told.contains(schema + "/tables/large/rows"), told);
    assertTrue(told.contains("full") && told.contains("make room"), told);
  }

  private List<String> schemas(MariaDbServer of) {
    return of.ask("", "SHOW DATABASES LIKE '" + schema + "%'");
  }
}
