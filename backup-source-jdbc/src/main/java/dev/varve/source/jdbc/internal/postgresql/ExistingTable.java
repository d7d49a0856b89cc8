package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table that rows are put into.
 *
 * @param oid its number
 * @param name its name as SQL has it
 * @param key the columns that tell its rows apart; none if nothing does
 * @param replaced whether a row in the way is deleted and put in anew, because it cannot be updated
 */
record ExistingTable(long oid, String name, List<String> key, boolean replaced) {

  static ExistingTable find(Catalog catalog, TableName table, Connections connections)
      throws SQLException, IOException {
    List<ExistingTable> found =
        catalog.list(
            "SELECT c.oid, quote_ident(nspname) || '.' || quote_ident(relname) AS name,"
                + " (SELECT array_agg(quote_ident(attname) ORDER BY k.place) FROM"
                + " unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place) JOIN pg_attribute a ON"
                + " a.attrelid = c.oid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts) AS key,"
                + " NOT coalesce(i.indimmediate, true) OR EXISTS (SELECT FROM pg_attribute a WHERE"
                + " a.attrelid = c.oid AND a.attidentity = 'a') AS replaced"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                + " LEFT JOIN LATERAL (SELECT * FROM pg_index WHERE indrelid = c.oid AND indisunique"
                + " AND indisvalid AND indpred IS NULL AND indexprs IS NULL AND NOT EXISTS (SELECT FROM"
                + " pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (indkey) AND NOT"
                + " a.attnotnull) ORDER BY indisprimary DESC, indexrelid LIMIT 1) i ON true"
                + " WHERE relkind = 'r' AND nspname = "
                + Sql.literal(table.schema())
                + " AND relname = "
                + Sql.literal(table.table()),
            row ->
                new ExistingTable(
                    row.number("oid"), row.text("name"), row.texts("key"), row.is("replaced")));
    if (found.isEmpty()) {
      throw new IOException(
          connections + " has no table " + table + " to put rows into; restore it whole first");
    }
    return found.get(0);
  }

  void requireKey(Connections connections) throws IOException {
    if (key.isEmpty()) {
      throw new IOException(
          "Rows cannot be merged into "
              + name
              + " in "
              + connections
              + ": no key tells which rows are the same; choose rows, which replaces all of them");
    }
  }

  /** What brings rows over from a table beside, where they have these columns. */
  List<String> merging(String columns) {
    String insert =
        "INSERT INTO "
            + name
            + " ("
            + columns
            + ") OVERRIDING SYSTEM VALUE SELECT "
            + columns
            + " FROM pg_temp.varve_rows";
    List<String> statements = new ArrayList<>();
    if (replaced) {
      String same =
          key.stream()
              .map(column -> "t." + column + " = r." + column)
              .collect(Collectors.joining(" AND "));
      statements.add("DELETE FROM ONLY " + name + " t USING pg_temp.varve_rows r WHERE " + same);
      statements.add(insert);
      return statements;
    }
    String target = String.join(", ", key);
    String set =
        List.of(columns.split(", (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)).stream()
            .filter(column -> !key.contains(column))
            .map(column -> column + " = EXCLUDED." + column)
            .collect(Collectors.joining(", "));
    statements.add(
        insert
            + " ON CONFLICT ("
            + target
            + (set.isEmpty() ? ") DO NOTHING" : ") DO UPDATE SET " + set));
    return statements;
  }
}
