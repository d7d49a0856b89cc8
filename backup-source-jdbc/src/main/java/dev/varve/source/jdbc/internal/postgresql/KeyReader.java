package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys, indexes, foreign keys and extended statistics. */
final class KeyReader {

  private static final Pattern DEFERRABLE =
      Pattern.compile("( (NOT )?DEFERRABLE)?( INITIALLY \\w+)?$");

  private final Catalog catalog;
  private final Inventory inventory;

  KeyReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  void read() throws SQLException {
    constraints();
    indexes();
    attachments();
    tableIndexes();
    foreignKeys();
    statistics();
  }

  /** What belongs to a table lies below it, to a materialised view likewise. */
  private static EntryPath path(Catalog.Row row, String directory, String name)
      throws SQLException {
    String relations = row.text("relkind").equals("m") ? "materialized-views" : "tables";
    return PathNames.path(
        row.text("nspname"), relations, row.text("relname"), directory, name + ".sql");
  }

  private static TableName table(Catalog.Row row) throws SQLException {
    return new TableName(row.text("nspname"), row.text("relname"));
  }

  private static final String TABLE =
      "n.nspname, t.relname, t.relkind, t.oid AS table_oid,"
          + " quote_ident(n.nspname) || '.' || quote_ident(t.relname) AS table_name ";

  private static final String OWN_TABLE =
      Catalog.USER_SCHEMA + " AND " + Catalog.own("pg_class", "t.oid");

  private void constraints() throws SQLException {
    catalog.visit(
        "SELECT k.oid, conname, quote_ident(conname) AS name, conindid, contype, spcname,"
            + " quote_ident(n.nspname) || '.' || quote_ident(i.relname) AS index_name, "
            + "pg_get_constraintdef(k.oid) AS definition, "
            + TableReader.options("i", "''")
            + " AS options, "
            + TABLE
            + "FROM pg_constraint k JOIN pg_class t ON t.oid = conrelid"
            + " JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_class i ON i.oid = conindid"
            + " LEFT JOIN pg_tablespace ts ON ts.oid = i.reltablespace"
            + " WHERE contype IN ('p', 'u', 'x') AND "
            + OWN_TABLE,
        row -> {
          ObjectId id = ObjectId.constraint(row.number("oid"));
          ObjectId index = ObjectId.relation(row.number("conindid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.CONSTRAINT,
                  path(row, "keys", row.text("conname")),
                  row.text("nspname"),
                  row.text("name"),
                  Optional.of(table(row)));
          definition.sql(
              "ALTER TABLE ONLY "
                  + row.text("table_name")
                  + " ADD CONSTRAINT "
                  + row.text("name")
                  + " "
                  + key(row)
                  + ";");
          if (row.text("contype").equals("x")) {
            row.optional("options")
                .ifPresent(
                    o -> definition.sql("ALTER INDEX " + indexName(row) + " SET (" + o + ");"));
          }
          row.optional("spcname").ifPresent(space -> definition.fact("tablespace", space));
          inventory.part(index, id);
          inventory.need(id, ObjectId.relation(row.number("table_oid")));
          inventory.comment(
              definition, id, "CONSTRAINT " + row.text("name") + " ON " + row.text("table_name"));
          inventory.comment(definition, index, "INDEX " + row.text("index_name"));
        });
  }

  private static String indexName(Catalog.Row row) {
    try {
      return row.text("index_name");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Options of the index stand before what is said about deferring. */
  private static String key(Catalog.Row row) throws SQLException {
    String definition = row.text("definition");
    Optional<String> options = row.optional("options");
    Matcher matcher = DEFERRABLE.matcher(definition);
    if (options.isEmpty() || row.text("contype").equals("x") || !matcher.find()) {
      return definition;
    }
    return definition.substring(0, matcher.start())
        + " WITH ("
        + options.get()
        + ")"
        + definition.substring(matcher.start());
  }

  private void indexes() throws SQLException {
    catalog.visit(
        "SELECT i.oid, i.relname AS index_plain,"
            + " quote_ident(n.nspname) || '.' || quote_ident(i.relname) AS name, spcname,"
            + " indisvalid OR i.relkind = 'I' AS valid, pg_get_indexdef(i.oid) AS definition,"
            + " (SELECT array_agg(attnum || ' SET STATISTICS ' || attstattarget) FROM pg_attribute a"
            + " WHERE a.attrelid = i.oid AND attstattarget >= 0) AS targets, "
            + TABLE
            + "FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN pg_class t ON t.oid = indrelid"
            + " JOIN pg_namespace n ON n.oid = t.relnamespace"
            + " LEFT JOIN pg_tablespace ts ON ts.oid = i.reltablespace"
            + " WHERE t.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT FROM pg_constraint k"
            + " WHERE conindid = i.oid AND contype IN ('p', 'u', 'x')) AND "
            + OWN_TABLE,
        row -> {
          if (!row.is("valid")) {
            inventory.leaveOut(
                "index "
                    + row.text("name")
                    + ", which is not valid and serves no query; rebuild it");
            return;
          }
          ObjectId id = ObjectId.relation(row.number("oid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.INDEX,
                  path(row, "indexes", row.text("index_plain")),
                  row.text("nspname"),
                  row.text("name"),
                  Optional.of(table(row)));
          definition.sql(row.text("definition") + ";");
          for (String target : row.texts("targets")) {
            definition.sql("ALTER INDEX " + row.text("name") + " ALTER COLUMN " + target + ";");
          }
          row.optional("spcname").ifPresent(space -> definition.fact("tablespace", space));
          inventory.need(id, ObjectId.relation(row.number("table_oid")));
          inventory.comment(definition);
        });
  }

  private void attachments() throws SQLException {
    if (!catalog.has(Occurrence.INHERITANCE)) {
      return;
    }
    catalog.visit(
        "SELECT i.oid, i.relname AS index_plain, inhparent, "
            + "quote_ident(n.nspname) || '.' || quote_ident(i.relname) AS name,"
            + " quote_ident(pn.nspname) || '.' || quote_ident(p.relname) AS parent, "
            + TABLE
            + "FROM pg_inherits JOIN pg_class i ON i.oid = inhrelid JOIN pg_class p ON p.oid = inhparent"
            + " JOIN pg_namespace pn ON pn.oid = p.relnamespace JOIN pg_index x ON indexrelid = i.oid"
            + " JOIN pg_class t ON t.oid = indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
            + " WHERE i.relkind IN ('i', 'I') AND "
            + OWN_TABLE,
        row -> {
          ObjectId id = new ObjectId("attach", row.number("oid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.INDEX_ATTACH,
                  path(row, "indexes", row.text("index_plain") + ".partition"),
                  row.text("nspname"),
                  row.text("name"),
                  Optional.of(table(row)));
          definition.sql(
              "ALTER INDEX " + row.text("parent") + " ATTACH PARTITION " + row.text("name") + ";");
          inventory.need(id, ObjectId.relation(row.number("oid")));
          inventory.need(id, ObjectId.relation(row.number("inhparent")));
        });
    // A partition's index that is a partitioned one itself gets its own parts first.
    catalog.visit(
        "SELECT up.inhrelid AS upper, down.inhrelid AS lower FROM pg_inherits up"
            + " JOIN pg_inherits down ON down.inhparent = up.inhrelid"
            + " JOIN pg_class i ON i.oid = up.inhrelid WHERE i.relkind = 'I'",
        row ->
            inventory.need(
                new ObjectId("attach", row.number("upper")),
                new ObjectId("attach", row.number("lower"))));
  }

  /** What tables say of their indexes. */
  private void tableIndexes() throws SQLException {
    catalog.visit(
        "SELECT i.oid, quote_ident(i.relname) AS index_name, indisclustered, indisreplident,"
            + " t.relreplident, "
            + TABLE
            + "FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace"
            + " LEFT JOIN pg_index x ON indrelid = t.oid AND (indisclustered OR indisreplident)"
            + " LEFT JOIN pg_class i ON i.oid = indexrelid WHERE t.relkind IN ('r', 'p', 'm')"
            + " AND (x.indexrelid IS NOT NULL OR t.relreplident IN ('f', 'n') AND t.relkind <> 'm') AND "
            + OWN_TABLE
            + " ORDER BY t.oid, i.oid",
        row -> {
          ObjectId id = new ObjectId("completion", row.number("table_oid"));
          if (inventory.find(id).isEmpty()) {
            inventory.add(
                id,
                Kind.TABLE_COMPLETION,
                PathNames.path(
                    row.text("nspname"),
                    row.text("relkind").equals("m") ? "materialized-views" : "tables",
                    row.text("relname"),
                    "marks.sql"),
                row.text("nspname"),
                row.text("table_name"),
                Optional.of(table(row)));
          }
          Definition definition = inventory.find(id).orElseThrow();
          String alter = "ALTER TABLE ONLY " + row.text("table_name") + " ";
          inventory.need(id, ObjectId.relation(row.number("table_oid")));
          inventory.need(id, ObjectId.relation(row.number("oid")));
          String identity = row.text("relreplident");
          if (row.is("indisclustered")) {
            definition.sql(
                "ALTER TABLE "
                    + row.text("table_name")
                    + " CLUSTER ON "
                    + row.text("index_name")
                    + ";");
          }
          if (row.is("indisreplident") && identity.equals("i")) {
            definition.sql(alter + "REPLICA IDENTITY USING INDEX " + row.text("index_name") + ";");
          }
          boolean whole = identity.equals("f") || identity.equals("n");
          if (whole && !definition.sql().contains("REPLICA")) {
            definition.sql(
                alter + "REPLICA IDENTITY " + (identity.equals("f") ? "FULL" : "NOTHING") + ";");
          }
        });
  }

  private void foreignKeys() throws SQLException {
    if (!catalog.has(Occurrence.FOREIGN_KEY)) {
      return;
    }
    catalog.visit(
        "SELECT k.oid, conname, quote_ident(conname) AS name,"
            + " pg_get_constraintdef(k.oid) AS definition, fn.nspname AS foreign_schema,"
            + " f.relname AS foreign_table, "
            + TABLE
            + "FROM pg_constraint k JOIN pg_class t ON t.oid = conrelid"
            + " JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_class f ON f.oid = confrelid"
            + " JOIN pg_namespace fn ON fn.oid = f.relnamespace"
            + " WHERE contype = 'f' AND conparentid = 0 AND "
            + OWN_TABLE,
        row -> {
          ObjectId id = ObjectId.constraint(row.number("oid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.FOREIGN_KEY,
                  path(row, "foreign-keys", row.text("conname")),
                  row.text("nspname"),
                  row.text("name"),
                  Optional.of(table(row)));
          String only = row.text("relkind").equals("p") ? "" : "ONLY ";
          definition
              .sql(
                  "ALTER TABLE "
                      + only
                      + row.text("table_name")
                      + " ADD CONSTRAINT "
                      + row.text("name")
                      + " "
                      + row.text("definition")
                      + ";")
              .fact("foreign-schema", row.text("foreign_schema"))
              .fact("foreign-table", row.text("foreign_table"));
          inventory.need(id, ObjectId.relation(row.number("table_oid")));
          inventory.comment(
              definition, id, "CONSTRAINT " + row.text("name") + " ON " + row.text("table_name"));
        });
  }

  private void statistics() throws SQLException {
    if (!catalog.has(Occurrence.STATISTICS)) {
      return;
    }
    catalog.visit(
        "SELECT s.oid, stxname, quote_ident(sn.nspname) || '.' || quote_ident(stxname) AS name,"
            + " pg_get_statisticsobjdef(s.oid) AS definition, coalesce("
            + catalog.since(13, "stxstattarget", "-1")
            + ", -1) AS target, "
            + TABLE
            + "FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = stxnamespace"
            + " JOIN pg_class t ON t.oid = stxrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
            + " WHERE "
            + OWN_TABLE,
        row -> {
          ObjectId id = new ObjectId("pg_statistic_ext", row.number("oid"));
          Definition definition =
              inventory.add(
                  id,
                  Kind.STATISTICS,
                  path(row, "statistics", row.text("stxname")),
                  row.text("nspname"),
                  row.text("name"),
                  Optional.of(table(row)));
          definition.sql(row.text("definition") + ";");
          if (row.number("target") >= 0) {
            definition.sql(
                "ALTER STATISTICS "
                    + row.text("name")
                    + " SET STATISTICS "
                    + row.number("target")
                    + ";");
          }
          inventory.need(id, ObjectId.relation(row.number("table_oid")));
          inventory.comment(definition);
        });
  }
}
