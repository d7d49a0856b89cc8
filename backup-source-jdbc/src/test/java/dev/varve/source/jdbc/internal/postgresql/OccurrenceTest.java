package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is asked of a database depends on what occurs in it. */
class OccurrenceTest {

  private static Set<Occurrence> in(String database) throws SQLException {
    try (Connection connection = Server.connect(database)) {
      return Occurrence.in(new Catalog(connection));
    }
  }

  @Test
  void in_newDatabase_nothing() throws SQLException {
    assertEquals(Set.of(), in(Server.fresh()));
  }

  @Test
  void in_tablesWithKeys_nothing() throws SQLException {
    String database = Server.fresh();
    Server.run(
        database, "CREATE TABLE t (id integer PRIMARY KEY, name text NOT NULL CHECK (name <> ''))");
    assertEquals(Set.of(), in(database));
  }

  @Test
  void in_oneOfSome_these() throws SQLException {
    String database = Server.fresh();
    Server.run(
        database,
        "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, up integer REFERENCES t);"
            + " CREATE VIEW v AS SELECT id FROM t; CREATE TYPE mood AS ENUM ('calm');"
            + " GRANT SELECT (up) ON t TO PUBLIC; ALTER TABLE t FORCE ROW LEVEL SECURITY;"
            + " CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    assertEquals(
        Set.of(
            Occurrence.SEQUENCE,
            Occurrence.FOREIGN_KEY,
            Occurrence.TRIGGER,
            Occurrence.VIEW,
            Occurrence.ENUMERATION,
            Occurrence.COLUMN_PRIVILEGE,
            Occurrence.ROW_SECURITY,
            Occurrence.FUNCTION),
        in(database));
  }
}
