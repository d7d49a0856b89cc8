package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.mariadbtests.MariaDbServer.Driver;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything a schema can hold, backed up and restored. */
class EverythingTest {

  private final MariaDbServer server = MariaDbServer.shared();

  @ParameterizedTest
  @EnumSource
  void restore_intoAnotherSchema_isEqual(Driver driver) {
    String schema = server.newSchema();
    Everything.make(server, schema);
    String other = schema + "_restored";
    server.run("", "DROP DATABASE IF EXISTS " + other);
    try (Backups backups = new Backups(server)) {
      BackupReport report = backups.report(backups.source(driver, schema));
      backups.restore(report.snapshot(), backups.target(driver).schema(schema, other));

      List<String> paths = backups.paths(report.snapshot());
      for (String path :
          List.of(
              "/schema.sql", "/tables/orders/rows", "/tables/odd `name%2Fwith\\\\\\\\/table.sql")) {
        assertTrue(paths.contains(schema + path), paths.toString());
      }
      assertEquals(3, report.problemCount(), report.problems().toString());
    }
    Judge.assertEqual(server, schema, server, other);
    server.run("", "DROP DATABASE " + schema, "DROP DATABASE " + other);
  }
}
