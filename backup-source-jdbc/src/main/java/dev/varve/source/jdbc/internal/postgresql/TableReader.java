package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads tables with their columns and checks, and which tables are parts of which. */
final class TableReader {

  private final Catalog catalog;
  private final Inventory inventory;
  private final SequenceReader sequences;
  private final Map<Long, List<TableText.Column>> columns = new HashMap<>();
  private final Map<Long, List<TableText.Check>> checks = new HashMap<>();
  private final List<RowSource> rows = new ArrayList<>();

  TableReader(Inventory inventory, SequenceReader sequences) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
    this.sequences = sequences;
  }

  /** Whose rows there are, by table. */
  List<RowSource> rows() {
    return rows;
  }

  List<TableText.Column> columns(long relation) {
    return columns.getOrDefault(relation, List.of());
  }

  void read() throws SQLException {
    readColumns();
    readChecks();
    catalog.visit(
        "SELECT c.oid, nspname, relname, quote_ident(nspname) || '.' || quote_ident(relname) AS name,"
            + " relkind, relpersistence, relispartition, relreplident, relrowsecurity,"
            + " relforcerowsecurity, CASE WHEN reloftype <> 0 THEN format_type(reloftype, NULL) END AS"
            + " of_type, "
            + options("c", "''")
            + " AS options, "
            + "(SELECT "
            + options("tc", "'toast.'")
            + " FROM pg_class tc WHERE tc.oid = c.reltoastrelid) AS toast_options, amname, spcname,"
            + " CASE WHEN relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,"
            + " pg_get_expr(relpartbound, c.oid) AS bound,"
            + " (SELECT array_agg(quote_ident(pn.nspname) || '.' || quote_ident(p.relname) ORDER BY"
            + " inhseqno) FROM pg_inherits JOIN pg_class p ON p.oid = inhparent"
            + " JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE inhrelid = c.oid) AS parents,"
            + " (SELECT array_agg(inhparent::bigint::text) FROM pg_inherits WHERE inhrelid = c.oid)"
            + " AS parent_oids,"
            + " (SELECT min(inhparent::bigint) FROM pg_inherits WHERE inhrelid = c.oid) AS parent,"
            + " pg_relation_size(c.oid) / current_setting('block_size')::bigint AS pages,"
            + " coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) AS outside"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            + " LEFT JOIN pg_am am ON am.oid = relam LEFT JOIN pg_tablespace ts ON ts.oid = reltablespace"
            + " WHERE relkind IN ('r', 'p') AND "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_class", "c.oid"),
        this::table);
    extensionRows();
  }

  /** A query's column: a relation's options as they stand in {@code WITH}. */
  static String options(String relation, String prefix) {
    return "(SELECT string_agg("
        + prefix
        + " || quote_ident(option_name) || '=' || quote_literal(option_value), ', ')"
        + " FROM pg_options_to_table("
        + relation
        + ".reloptions))";
  }

  private void readColumns() throws SQLException {
    catalog.visit(
        "SELECT a.attrelid, a.attnum, attname, quote_ident(a.attname) AS name,"
            + " format_type(a.atttypid, a.atttypmod) AS type, a.atttypid, a.attnotnull, a.attislocal,"
            + " a.attidentity, a.attgenerated, pg_get_expr(adbin, adrelid) AS value, ad.oid AS value_oid, "
            + "CASE WHEN a.attstorage <> typstorage THEN a.attstorage END AS storage, "
            + catalog.since(14, "a.attcompression", "''")
            + " AS compression, coalesce(a.attstattarget, -1) AS target,"
            + " array_to_string(a.attoptions, ', ') AS options, "
            + TypeReader.collate("a.attcollation", "a.atttypid")
            + " AS collate FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid"
            + " LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum"
            + " WHERE relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND "
            + Catalog.USER_SCHEMA
            + " ORDER BY a.attrelid, a.attnum",
        row ->
            columns
                .computeIfAbsent(row.number("attrelid"), relation -> new ArrayList<>())
                .add(
                    new TableText.Column(
                        row.number("attnum"),
                        row.text("attname"),
                        row.text("name"),
                        row.text("type"),
                        ObjectId.type(row.number("atttypid")),
                        row.text("collate"),
                        row.is("attnotnull"),
                        row.is("attislocal"),
                        row.text("attidentity"),
                        row.text("attgenerated"),
                        row.optional("value"),
                        new ObjectId("pg_attrdef", row.number("value_oid")),
                        row.text("storage"),
                        row.text("compression"),
                        row.number("target"),
                        row.text("options"))));
  }

  private void readChecks() throws SQLException {
    catalog.visit(
        "SELECT oid, conrelid, conname, quote_ident(conname) AS name, contype, conislocal,"
            + " connoinherit, convalidated, pg_get_constraintdef(oid) AS definition,"
            + " coalesce(conkey[1], 0) AS column FROM pg_constraint"
            + " WHERE contype IN ('c', 'n') AND conrelid <> 0 ORDER BY conrelid, conname",
        row ->
            checks
                .computeIfAbsent(row.number("conrelid"), relation -> new ArrayList<>())
                .add(
                    new TableText.Check(
                        ObjectId.constraint(row.number("oid")),
                        row.text("conname"),
                        row.text("name"),
                        row.text("contype").equals("n") ? row.number("column") : 0,
                        row.text("definition"),
                        row.is("conislocal"),
                        row.is("connoinherit"),
                        row.is("convalidated")
                            || row.text("definition").endsWith("NOT ENFORCED"))));
  }

  private void table(Catalog.Row row) throws SQLException {
    long oid = row.number("oid");
    ObjectId id = ObjectId.relation(oid);
    TableName table = new TableName(row.text("nspname"), row.text("relname"));
    Definition definition =
        inventory.add(
            id,
            Kind.TABLE,
            path(table, "table.sql"),
            table.schema(),
            row.text("name"),
            Optional.of(table));
    List<TableText.Column> own = columns(oid);
    List<TableText.Check> ownChecks = checks.getOrDefault(oid, List.of());
    TableText text = new TableText(row, own, ownChecks, parentDefaults(row), sequences);
    definition.sql(text.whole());
    row.optional("spcname").ifPresent(space -> definition.fact("tablespace", space));
    comments(definition, id, own, ownChecks);
    text.split(definition);
    own.forEach(column -> inventory.part(column.valueId(), id));
    for (TableText.Check check : ownChecks) {
      inventory.part(check.id(), id);
      if (!check.valid() && check.local()) {
        late(definition, table, check);
      }
    }
    if (row.is("relispartition")) {
      attach(row, definition, table);
    }
    if (row.text("relkind").equals("r")) {
      RowSource.Size size = new RowSource.Size(row.number("pages"), row.number("outside"));
      rows.add(RowSource.of(table, row.text("name"), id, own, "", size));
    }
  }

  /** Which columns have a default in a parent. */
  private Set<String> parentDefaults(Catalog.Row row) throws SQLException {
    return row.texts("parent_oids").stream()
        .flatMap(parent -> columns(Long.parseLong(parent)).stream())
        .filter(TableText.Column::hasDefault)
        .map(TableText.Column::name)
        .collect(Collectors.toSet());
  }

  static EntryPath path(TableName table, String... below) {
    String[] steps = new String[below.length + 3];
    steps[0] = table.schema();
    steps[1] = "tables";
    steps[2] = table.table();
    System.arraycopy(below, 0, steps, 3, below.length);
    return PathNames.path(steps);
  }

  private void comments(
      Definition definition,
      ObjectId id,
      List<TableText.Column> own,
      List<TableText.Check> ownChecks) {
    inventory.comment(definition);
    for (TableText.Column column : own) {
      inventory.commentColumn(
          definition, id, column.number(), definition.name() + "." + column.name());
    }
    for (TableText.Check check : ownChecks) {
      if (check.valid()) {
        inventory.comment(
            definition, check.id(), "CONSTRAINT " + check.name() + " ON " + definition.name());
      }
    }
  }

  /** A check that is not true for all rows comes after them. */
  private void late(Definition table, TableName name, TableText.Check check) {
    ObjectId id = new ObjectId("late pg_constraint", check.id().oid());
    Definition late =
        inventory.add(
            id,
            Kind.TABLE_COMPLETION,
            path(name, "checks", check.plainName() + ".sql"),
            name.schema(),
            table.name(),
            Optional.of(name));
    late.sql(
        "ALTER TABLE "
            + table.name()
            + " ADD CONSTRAINT "
            + check.name()
            + " "
            + check.definition()
            + ";");
    inventory.comment(late, check.id(), "CONSTRAINT " + check.name() + " ON " + table.name());
    inventory.need(id, table.id());
  }

  private void attach(Catalog.Row row, Definition partition, TableName table) throws SQLException {
    ObjectId id = new ObjectId("attach", partition.id().oid());
    Definition attach =
        inventory.add(
            id,
            Kind.ATTACH,
            path(table, "partition.sql"),
            table.schema(),
            partition.name(),
            Optional.of(table));
    attach.sql(
        "ALTER TABLE ONLY "
            + row.texts("parents").get(0)
            + " ATTACH PARTITION "
            + partition.name()
            + " "
            + row.text("bound")
            + ";");
    inventory.need(id, partition.id());
    inventory.need(id, ObjectId.relation(row.number("parent")));
  }

  /** Extensions say which rows of their tables are a user's. */
  private void extensionRows() throws SQLException {
    if (!catalog.has(Occurrence.EXTENSION)) {
      return;
    }
    catalog.visit(
        "SELECT c.oid, nspname, relname, quote_ident(nspname) || '.' || quote_ident(relname) AS name,"
            + " condition, e.oid AS extension FROM pg_extension e,"
            + " unnest(extconfig, extcondition) AS u (relation, condition)"
            + " JOIN pg_class c ON c.oid = relation JOIN pg_namespace n ON n.oid = relnamespace"
            + " WHERE relkind = 'r' AND e.oid >= 16384",
        row -> {
          ObjectId id = ObjectId.relation(row.number("oid"));
          inventory.part(id, new ObjectId("pg_extension", row.number("extension")));
          TableName table = new TableName(row.text("nspname"), row.text("relname"));
          String condition = row.text("condition").strip();
          rows.add(
              RowSource.of(
                  table,
                  row.text("name"),
                  id,
                  columns(id.oid()),
                  condition.isEmpty() ? " WHERE true" : " " + condition,
                  new RowSource.Size(0, 0)));
        });
  }
}
