package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks whether rows that were put in without a look keep what foreign keys promise. */
final class ForeignKeys {

  private final Catalog catalog;
  private final Connections connections;

  private record Key(String name, String table, String query) {}

  ForeignKeys(Catalog catalog, Connections connections) {
    this.catalog = catalog;
    this.connections = connections;
  }

  /** Fails if a row of these tables, or one that refers to them, refers to nothing. */
  void require(String oids) throws SQLException, IOException {
    for (Key key : keys(oids)) {
      if (!catalog.list(key.query(), row -> 1).isEmpty()) {
        throw new IOException(
            "With the rows of the snapshot "
                + key.name()
                + " of "
                + key.table()
                + " in "
                + connections
                + " would refer to rows that are not there; restore the other table too; nothing is"
                + " changed");
      }
    }
  }

  private List<Key> keys(String oids) throws SQLException {
    String pair =
        "'p.' || quote_ident(pa.attname) || ' OPERATOR(' || quote_ident(opn.nspname) || '.' || oprname"
            + " || ') c.' || quote_ident(ca.attname)";
    String joined =
        "(SELECT string_agg(%s, ' AND ') FROM unnest(conkey, confkey, conpfeqop) u (child, parent, op)"
            + " JOIN pg_attribute ca ON ca.attrelid = conrelid AND ca.attnum = u.child"
            + " JOIN pg_attribute pa ON pa.attrelid = confrelid AND pa.attnum = u.parent"
            + " JOIN pg_operator o ON o.oid = u.op JOIN pg_namespace opn ON opn.oid = oprnamespace)";
    List<Key> keys = new ArrayList<>();
    catalog.visit(
        "SELECT conname, conrelid::regclass::text AS child, confrelid::regclass::text AS parent, "
            + String.format(joined, pair)
            + " AS same, "
            + String.format(joined, "'c.' || quote_ident(ca.attname) || ' IS NOT NULL'")
            + " AS given FROM pg_constraint WHERE contype = 'f' AND convalidated AND "
            + catalog.since(18, "NOT conperiod AND ", "")
            + "(conrelid IN ("
            + oids
            + ") OR confrelid IN ("
            + oids
            + ")) ORDER BY 2, 1",
        row ->
            keys.add(
                new Key(
                    row.text("conname"),
                    row.text("child"),
                    "SELECT 1 AS one FROM "
                        + row.text("child")
                        + " c WHERE "
                        + row.text("given")
                        + " AND NOT EXISTS (SELECT FROM "
                        + row.text("parent")
                        + " p WHERE "
                        + row.text("same")
                        + ") LIMIT 1")));
    return keys;
  }
}
