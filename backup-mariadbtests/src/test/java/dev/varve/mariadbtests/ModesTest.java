package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.TargetException;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.JdbcTarget.Mode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a restore does with what exists. */
class ModesTest {

  private final MariaDbServer server = MariaDbServer.shared();
  private final String schema = server.newSchema();
  private final Backups backups = new Backups(server);

  @AfterEach
  void close() {
    backups.close();
    assertEquals(
        List.of(),
        server.ask(
            "",
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '"
                + schema
                + "\\_varve%'"));
  }

  private void fill() {
    server.run(
        schema,
        "CREATE SEQUENCE numbers START WITH 7",
        "CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(50), CHECK (name <> ''))",
        "CREATE TABLE orders (id INT PRIMARY KEY, customer INT, number BIGINT DEFAULT"
            + " NEXTVAL(numbers), CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers"
            + " (id))",
        "INSERT INTO customers VALUES (1,'Ann'),(2,'Bob'),(3,'Cem')",
        "INSERT INTO orders VALUES (10,1,1),(20,2,2)",
        "CREATE VIEW names AS SELECT name FROM customers",
        "CREATE FUNCTION twice(x INT) RETURNS INT RETURN 2*x",
        "CREATE TRIGGER trims BEFORE INSERT ON customers FOR EACH ROW SET NEW.name=TRIM(NEW.name)",
        "CREATE EVENT later ON SCHEDULE AT '2031-01-01 03:00:00' DO SELECT 1");
  }

  private String copy(Snapshot snapshot) {
    String copy = schema + "_copy";
    server.run("", "DROP DATABASE IF EXISTS " + copy);
    backups.restore(snapshot, backups.target().schema(schema, copy));
    return copy;
  }

  private String failure(Snapshot snapshot, JdbcTarget target) {
    Map<String, String> before = Judge.definitions(server, schema);
    List<String> rows = Judge.rows(server, schema);
    TargetException failure =
        assertThrows(TargetException.class, () -> backups.restore(snapshot, target));
    assertEquals(before, Judge.definitions(server, schema));
    assertEquals(rows, Judge.rows(server, schema));
    return String.valueOf(failure.getMessage());
  }

  @Test
  void refuse_somethingExists_saysWhatAndChangesNothing() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    server.run(schema, "UPDATE customers SET name='other'");

    String message = failure(snapshot, backups.target());

    assertTrue(message.contains("sequence " + schema + ".numbers"), message);
    assertTrue(message.contains("swap"), message);
    TargetException dry =
        assertThrows(TargetException.class, () -> backups.dryRun(snapshot, backups.target()));
    assertTrue(String.valueOf(dry.getMessage()).contains("exist"), dry.getMessage());
  }

  @Test
  void refuse_failsInTheMiddle_leavesNothing() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    String copy = schema + "_copy";
    server.run(
        "",
        "DROP DATABASE IF EXISTS " + copy,
        "DROP USER IF EXISTS weak_" + schema,
        "CREATE USER weak_" + schema + " IDENTIFIED BY 'weak-password'",
        "GRANT SELECT, INSERT, CREATE, DROP, ALTER, REFERENCES, INDEX, CREATE VIEW, SHOW VIEW ON "
            + copy
            + ".* TO weak_"
            + schema);
    JdbcTarget weak =
        JdbcTarget.into(server.url(MariaDbServer.Driver.MARIADB, ""))
            .user("weak_" + schema)
            .password(() -> "weak-password")
            .withoutOwners()
            .schema(schema, copy);

    String message = failure(snapshot, weak);

    assertTrue(message.contains("grant the missing right"), message);
    assertTrue(!message.contains("weak-password"), message);
    assertEquals(
        List.of(), server.ask("", "SHOW DATABASES LIKE '" + copy.replace("_", "\\_") + "'"));
  }

  @Test
  void swap_replacesAllThatIsThere() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    String copy = copy(snapshot);
    server.run(
        schema,
        "DELETE FROM orders",
        "DELETE FROM customers WHERE id=3",
        "ALTER TABLE customers ADD more INT",
        "CREATE TABLE extra (id INT)",
        "CREATE VIEW extra_view AS SELECT * FROM extra",
        "CREATE PROCEDURE extra_one() SELECT 1",
        "DROP EVENT later",
        "DROP TRIGGER trims",
        "CREATE TRIGGER others AFTER INSERT ON orders FOR EACH ROW SET @x=1",
        "CREATE OR REPLACE VIEW names AS SELECT 2",
        "CREATE OR REPLACE FUNCTION twice(x INT) RETURNS INT RETURN 3*x");

    backups.restore(snapshot, backups.target().mode(Mode.SWAP));

    Judge.assertEqual(server, copy, server, schema);
    assertThrows(
        IllegalStateException.class,
        () -> server.run(schema, "INSERT INTO orders VALUES (30,99,1)"));
    server.run(schema, "INSERT INTO orders (id,customer) VALUES (30,3)");
    assertEquals("7", server.one(schema, "SELECT number FROM orders WHERE id=30"));
  }

  @Test
  void swap_oneTable_leavesTheOthers() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    server.run(
        schema,
        "DELETE FROM orders",
        "UPDATE customers SET name='new' WHERE id=1",
        "DROP VIEW names");

    backups.restore(snapshot, backups.target().mode(Mode.SWAP).tables(schema + ".orders"));

    assertEquals(
        List.of("10 | 1", "20 | 2"),
        server.ask(schema, "SELECT id, customer FROM orders ORDER BY id"));
    assertEquals("new", server.one(schema, "SELECT name FROM customers WHERE id=1"));
    assertThrows(
        IllegalStateException.class,
        () -> server.run(schema, "INSERT INTO orders (id,customer) VALUES (30,99)"));
    assertThrows(
        IllegalStateException.class, () -> server.run(schema, "DELETE FROM customers WHERE id=1"));
  }

  @Test
  void swap_aTableThatStaysRefersToOneThatGoes_isRefused() {
    fill();
    Snapshot snapshot = backups.backup(schema);

    String message =
        failure(snapshot, backups.target().mode(Mode.SWAP).tables(schema + ".customers"));

    assertTrue(message.contains("foreign key of `" + schema + "`.`orders`"), message);
  }

  @Test
  void swap_lastStepFails_putsEverythingBack() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    server.run(
        schema,
        "UPDATE customers SET name='changed' WHERE id=1",
        "DROP FUNCTION twice",
        "CREATE FUNCTION twice(y INT) RETURNS INT RETURN 5*y",
        // An event that ends before it begins cannot be made again, and events come last.
        "DROP EVENT later");
    server.run("mysql", "SET GLOBAL event_scheduler=ON");
    String user = "events_" + schema;
    server.run(
        "",
        "DROP USER IF EXISTS " + user,
        "CREATE USER " + user + " IDENTIFIED BY 'weak-password'",
        "GRANT ALL ON `" + schema + "\\_varve%`.* TO " + user,
        "GRANT SELECT, INSERT, CREATE, DROP, ALTER, REFERENCES, INDEX, CREATE VIEW, SHOW VIEW,"
            + " TRIGGER, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, SHOW CREATE ROUTINE ON "
            + schema
            + ".* TO "
            + user,
        "GRANT SET USER ON *.* TO " + user);

    String message =
        failure(
            snapshot,
            JdbcTarget.into(server.url(MariaDbServer.Driver.MARIADB, ""))
                .user(user)
                .password(() -> "weak-password")
                .mode(Mode.SWAP));

    assertTrue(message.contains("event"), message);
  }

  @Test
  void merge_replacesByKeyAndKeepsTheRest() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    server.run(
        schema,
        "UPDATE customers SET name='changed' WHERE id=1",
        "INSERT INTO customers VALUES (4,'Dan')",
        "DELETE FROM customers WHERE id=3");

    RestoreReport report =
        backups.restore(snapshot, backups.target().mode(Mode.MERGE).tables(schema + ".customers"));

    assertEquals(
        List.of("1 | Ann", "2 | Bob", "3 | Cem", "4 | Dan"),
        server.ask(schema, "SELECT * FROM customers ORDER BY id"));
    assertTrue(report.problems().toString().contains("trigger trims"), report.toString());
  }

  @Test
  void rows_emptiesAndFills() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    List<String> rows = Judge.rows(server, schema);
    server.run(
        schema,
        "UPDATE customers SET name='changed' WHERE id=1",
        "INSERT INTO customers VALUES (4,'Dan')",
        "INSERT INTO orders VALUES (30,4,4)");

    backups.restore(snapshot, backups.target().mode(Mode.ROWS));

    assertEquals(rows, Judge.rows(server, schema));
  }

  @Test
  void rows_violateAForeignKey_changeNothing() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    server.run(schema, "DELETE FROM orders", "DELETE FROM customers WHERE id=2");

    String message = failure(snapshot, backups.target().mode(Mode.ROWS).tables("orders"));

    assertTrue(message.contains("of_customer") && message.contains("has 2"), message);
  }

  @Test
  void rows_violateACheckOrDoNotFit_changeNothing() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    server.run(
        schema,
        "DELETE FROM orders",
        "DELETE FROM customers WHERE id=2",
        "ALTER TABLE customers ADD CHECK (name <> 'Bob')");
    for (MariaDbServer.Driver driver : MariaDbServer.Driver.values()) {
      for (Mode mode : List.of(Mode.ROWS, Mode.MERGE)) {
        String message = failure(snapshot, backups.target(driver).mode(mode).tables("customers"));
        assertTrue(message.contains("CONSTRAINT"), message);
      }
    }
    server.run(schema, "DELETE FROM customers", "ALTER TABLE customers MODIFY name VARCHAR(2)");

    String message = failure(snapshot, backups.target().mode(Mode.ROWS).tables("customers"));

    assertTrue(message.contains("name"), message);
  }

  @Test
  void restore_oneTableIntoANewSchema_bringsWhatItNeeds() {
    fill();
    Snapshot snapshot = backups.backup(schema);
    String copy = schema + "_copy";
    server.run("", "DROP DATABASE IF EXISTS " + copy);

    backups.restore(snapshot, backups.target().schema(schema, copy).tables(schema + ".orders"));

    assertEquals(
        List.of("numbers", "orders"),
        server.ask(
            "",
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA='"
                + copy
                + "' ORDER BY 1"));
    assertEquals("2", server.one(copy, "SELECT COUNT(*) FROM orders"));
  }
}
