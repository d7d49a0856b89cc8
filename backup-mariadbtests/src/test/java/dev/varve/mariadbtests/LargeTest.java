package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.Snapshot;
import dev.varve.mariadbtests.MariaDbServer.Driver;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values too large for memory, and tables that hardly change. */
class LargeTest {

  private final MariaDbServer server = MariaDbServer.shared();
  private final String schema = server.newSchema();

  /** The heap of tests is 512 MB; the server's packets end at 16 MB. */
  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "MYSQL"})
  void values_ofHundredsOfMegabytes_comeBack(Driver driver) {
    String packet = server.one("", "SELECT @@GLOBAL.max_allowed_packet");
    server.run("", "SET GLOBAL max_allowed_packet=1073741824");
    server.run(
        schema,
        "CREATE TABLE large (a VARCHAR(20) COLLATE utf8mb4_general_ci, b INT, t LONGTEXT, l LONGBLOB,"
            + " PRIMARY KEY (a,b)) CHARACTER SET utf8mb4",
        "INSERT INTO large SELECT CONCAT('Kü',seq%3), seq, 'small', 'x' FROM seq_1_to_50",
        "INSERT INTO large VALUES ('kü1',100,REPEAT('ä\\t\\\\😀',700000),REPEAT('\\n\\0xyzw',20000000))",
        "INSERT INTO large VALUES ('ende',1,NULL,REPEAT(x'00',4194304)),('ende',2,REPEAT('u',4194305),NULL)");
    server.run("", "SET GLOBAL max_allowed_packet=" + packet);
    String copy = schema + "_copy";
    server.run("", "DROP DATABASE IF EXISTS " + copy);
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.report(backups.source(driver, schema).connections(1)).snapshot();
      backups.restore(snapshot, backups.target(driver).schema(schema, copy));
    }
    String lengths =
        "SELECT a, b, LENGTH(t), LENGTH(l), MD5(l) FROM large WHERE b<3 OR b=100 ORDER BY 1,2";
    assertEquals(server.ask(schema, lengths), server.ask(copy, lengths));
    assertEquals(Judge.rows(server, schema), Judge.rows(server, copy));
    server.run("", "DROP DATABASE " + schema, "DROP DATABASE " + copy);
  }

  @Test
  void backup_afterOnePercentChanged_addsLittle() {
    server.run(
        schema,
        "CREATE TABLE notes (id INT PRIMARY KEY, note VARCHAR(2000), KEY (note(20)))",
        "INSERT INTO notes SELECT seq, CONCAT_WS(' ',MD5(seq),SHA2(seq,512),MD5(seq*3),SHA2(seq*5,512),MD5(seq*7),SHA2(seq*11,512))"
            + " FROM seq_1_to_100000");
    try (Backups backups = new Backups(server)) {
      BackupReport first = backups.report(backups.source(schema));
      server.run(
          schema,
          "UPDATE notes SET note=CONCAT('changed ',note) WHERE id BETWEEN 50000 AND 50999",
          "INSERT INTO notes SELECT seq, CONCAT(SHA2(seq,512),SHA2(seq*5,512),SHA2(seq*7,512)) FROM seq_100001_to_101000");
      BackupReport second = backups.report(backups.source(schema));

      long added = second.statistics().addedBytes();
      long all = first.statistics().contentBytes();
      assertTrue(added * 25 < all, added + " of " + all + " bytes are more than 4 %");
      assertEquals(List.of(), second.problems());
    }
  }
}
