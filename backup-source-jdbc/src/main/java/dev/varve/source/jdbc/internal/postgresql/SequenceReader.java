package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads sequences: their definitions, which columns own them, and their values. */
final class SequenceReader {

  private static final int VALUES_A_QUERY = 100;

  private final Catalog catalog;
  private final Inventory inventory;

  /** What makes the columns that are identities, by table and number of column. */
  private final Map<String, String> identities = new HashMap<>();

  /** Statements that give sequences to columns, by table. */
  private final Map<Long, List<String>> ownings = new HashMap<>();

  private record Sequence(
      ObjectId id,
      String schema,
      String sequence,
      String name,
      Optional<TableName> table,
      ObjectId maker) {}

  SequenceReader(Inventory inventory) {
    this.catalog = inventory.catalog();
    this.inventory = inventory;
  }

  /** What follows {@code GENERATED … AS IDENTITY} for a column. */
  String identity(long table, long column) {
    return identities.getOrDefault(table + "." + column, "");
  }

  List<String> ownings(long table) {
    return ownings.getOrDefault(table, List.of());
  }

  void read() throws SQLException {
    if (!catalog.has(Occurrence.SEQUENCE)) {
      return;
    }
    List<Sequence> sequences = new ArrayList<>();
    catalog.visit(
        "SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
            + " AS name, format_type(seqtypid, NULL) AS type, seqstart, seqincrement, seqmin, seqmax,"
            + " seqcache, seqcycle, c.relpersistence, d.deptype, d.refobjid, d.refobjsubid,"
            + " tn.nspname AS table_schema, t.relname AS table_name, t.relpersistence AS table_kept,"
            + " quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(attname)"
            + " AS owner, "
            + " t.oid IS NOT NULL AND NOT "
            + Catalog.own("pg_class", "t.oid")
            + " AS with_extension FROM pg_sequence s JOIN pg_class c ON c.oid = seqrelid"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid"
            + " AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass"
            + " AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0"
            + " LEFT JOIN pg_class t ON t.oid = d.refobjid"
            + " LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace"
            + " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
            + " WHERE "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_class", "c.oid"),
        row -> {
          if (!row.is("with_extension")) {
            sequences.add(sequence(row));
          }
        });
    for (int from = 0; from < sequences.size(); from += VALUES_A_QUERY) {
      values(sequences.subList(from, Math.min(sequences.size(), from + VALUES_A_QUERY)));
    }
  }

  private Sequence sequence(Catalog.Row row) throws SQLException {
    ObjectId id = ObjectId.relation(row.number("oid"));
    long owner = row.number("refobjid");
    Optional<TableName> table =
        row.optional("table_name").map(name -> new TableName(schemaOf(row), name));
    String options = options(row);
    boolean identity = row.text("deptype").equals("i");
    Sequence sequence =
        new Sequence(
            id,
            row.text("nspname"),
            row.text("relname"),
            row.text("name"),
            table,
            identity ? ObjectId.relation(owner) : id);
    if (identity) {
      inventory.part(id, ObjectId.relation(owner));
      identities.put(
          owner + "." + row.number("refobjsubid"),
          " (SEQUENCE NAME " + row.text("name") + options + ")");
      return sequence;
    }
    Definition definition =
        inventory.add(
            id,
            Kind.SEQUENCE,
            PathNames.path(sequence.schema(), "sequences", sequence.sequence(), "sequence.sql"),
            sequence.schema(),
            sequence.name(),
            table);
    String type = row.text("type").equals("bigint") ? "" : " AS " + row.text("type");
    String unlogged = row.text("relpersistence").equals("u") ? "UNLOGGED " : "";
    definition.sql("CREATE " + unlogged + "SEQUENCE " + row.text("name") + type + options + ";");
    inventory.comment(definition);
    if (table.isPresent()) {
      ownings
          .computeIfAbsent(owner, t -> new ArrayList<>())
          .add("ALTER SEQUENCE " + row.text("name") + " OWNED BY " + row.text("owner") + ";");
      inventory.need(ObjectId.relation(owner), id);
    }
    return sequence;
  }

  private static String schemaOf(Catalog.Row row) {
    try {
      return row.text("table_schema");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String options(Catalog.Row row) throws SQLException {
    return " START WITH "
        + row.number("seqstart")
        + " INCREMENT BY "
        + row.number("seqincrement")
        + " MINVALUE "
        + row.number("seqmin")
        + " MAXVALUE "
        + row.number("seqmax")
        + " CACHE "
        + row.number("seqcache")
        + (row.is("seqcycle") ? " CYCLE" : "");
  }

  /** Values are read after the view was taken, so they are not behind its rows. */
  private void values(List<Sequence> sequences) throws SQLException {
    Map<String, Sequence> byName =
        sequences.stream().collect(Collectors.toMap(Sequence::name, sequence -> sequence));
    String query =
        sequences.stream()
            .map(
                s ->
                    "SELECT "
                        + Sql.literal(s.name())
                        + " AS name, last_value, is_called FROM "
                        + s.name())
            .collect(Collectors.joining(" UNION ALL "));
    catalog.visit(
        query,
        row -> {
          Sequence sequence = byName.get(row.text("name"));
          if (sequence != null) {
            value(sequence, row.number("last_value"), row.is("is_called"));
          }
        });
  }

  private void value(Sequence sequence, long last, boolean called) {
    Definition value =
        inventory.add(
            new ObjectId("value", sequence.id().oid()),
            Kind.SEQUENCE_VALUE,
            PathNames.path(sequence.schema(), "sequences", sequence.sequence(), "value.sql"),
            sequence.schema(),
            sequence.name(),
            sequence.table());
    value.sql(
        "SELECT pg_catalog.setval("
            + Sql.literal(sequence.name())
            + ", "
            + last
            + ", "
            + called
            + ");");
    value.fact("last", String.valueOf(last)).fact("called", String.valueOf(called));
    inventory.need(value.id(), sequence.maker());
  }
}
