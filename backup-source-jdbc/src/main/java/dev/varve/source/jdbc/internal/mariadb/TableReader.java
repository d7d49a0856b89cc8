package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads how the tables of one schema are made. Used by one thread. */
final class TableReader {

  /** Engines whose rows a snapshot shows as they were at its instant. */
  private static final Set<String> TRANSACTIONAL =
      Set.of("innodb", "rocksdb", "tokudb", "ndbcluster");

  /** Engines that hold no rows, or those of another place. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "federated", "connect", "spider", "mrg_myisam", "blackhole", "s3", "oqgraph", "sphinx");

  private static final long LARGE_COLUMN_BYTES = 16 << 20;

  private final Session session;
  private final String schema;
  private final Map<String, Listed> listed = new LinkedHashMap<>();
  private final Map<String, List<Described>> columns = new LinkedHashMap<>();
  private final Map<String, List<String>> keys = new LinkedHashMap<>();

  /**
   * A table, view or sequence as it is listed.
   *
   * @param name its name
   * @param type what the server calls its kind
   * @param engine in lower case; empty for a view
   * @param averageRowBytes what the server guesses
   * @param expectedBytes what the server guesses of all rows
   */
  record Listed(String name, String type, String engine, long averageRowBytes, long expectedBytes) {

    boolean isView() {
      return type.equals("VIEW");
    }

    boolean isSequence() {
      return type.equals("SEQUENCE");
    }

    boolean isTable() {
      return type.equals("BASE TABLE") || isVersioned();
    }

    boolean isVersioned() {
      return type.equals("SYSTEM VERSIONED");
    }

    boolean isTransactional() {
      return TRANSACTIONAL.contains(engine);
    }

    boolean hasRowsElsewhere() {
      return ELSEWHERE.contains(engine);
    }
  }

  private record Described(Column column, String type, boolean plain, long mostBytes) {}

  TableReader(Session session, String schema) throws IOException {
    this.session = session;
    this.schema = schema;
    readTables();
    readColumns();
    readKeys();
  }

  /** Tables, views and sequences by name. */
  List<Listed> listed() {
    return List.copyOf(listed.values());
  }

  private String inSchema() {
    return " WHERE TABLE_SCHEMA=" + Names.text(schema);
  }

  private void readTables() throws IOException {
    for (Row row :
        session.rows(
            "Listing the tables of " + schema,
            "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, AVG_ROW_LENGTH, DATA_LENGTH FROM information_schema.TABLES"
                + inSchema()
                + " AND TABLE_TYPE<>'TEMPORARY' ORDER BY BINARY TABLE_NAME")) {
      String engine = row.text(3).toLowerCase(Locale.ROOT);
      listed.put(
          row.text(1),
          new Listed(
              row.text(1),
              row.text(2).toUpperCase(Locale.ROOT),
              engine,
              row.number(4),
              row.number(5)));
    }
  }

  private void readColumns() throws IOException {
    for (Row row :
        session.rows(
            "Listing the columns of " + schema,
            "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_SET_NAME, EXTRA,"
                + " GENERATION_EXPRESSION, CHARACTER_OCTET_LENGTH, COLUMN_TYPE"
                + " FROM information_schema.COLUMNS"
                + inSchema()
                + " ORDER BY TABLE_NAME, ORDINAL_POSITION")) {
      boolean generated = !row.text(6).isEmpty() || row.text(5).contains("GENERATED ALWAYS");
      if (!generated) {
        String type = row.text(3).toLowerCase(Locale.ROOT);
        Column.Kind kind = kind(type, row.text(8).toLowerCase(Locale.ROOT), row.text(4));
        boolean text = kind == Column.Kind.TEXT || kind == Column.Kind.ENUM;
        Column column = new Column(row.text(2), kind, text ? row.text(4) : "");
        long most = row.find(7).map(Long::parseLong).orElse(64L);
        columns
            .computeIfAbsent(row.text(1), table -> new ArrayList<>())
            .add(
                new Described(
                    column,
                    type,
                    isPlain(column, type, row.text(8)),
                    kind == Column.Kind.SPATIAL || type.equals("json") ? 1L << 32 : most));
      }
    }
  }

  private static Column.Kind kind(String type, String columnType, String charset) {
    return switch (type) {
      case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" ->
          Column.Kind.NUMBER;
      case "double" -> columnType.contains("(") ? Column.Kind.FLOAT : Column.Kind.NUMBER;
      case "float" -> Column.Kind.FLOAT;
      case "bit" -> Column.Kind.BITS;
      case "date", "time", "datetime", "timestamp" -> Column.Kind.TIME;
      case "enum" -> Column.Kind.ENUM;
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector" ->
          Column.Kind.BINARY;
      case "geometry",
          "point",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection",
          "geomcollection" ->
          Column.Kind.SPATIAL;
      default ->
          charset.isEmpty() || type.startsWith("inet") ? Column.Kind.LITERAL : Column.Kind.TEXT;
    };
  }

  /** Whether none of its values needs escapes: of texts those can be known that are listed. */
  private static boolean isPlain(Column column, String type, String columnType) {
    return switch (column.kind()) {
      case ENUM ->
          (column.charset().startsWith("utf8") || column.charset().equals("ascii"))
              && columnType.chars().noneMatch(c -> c == '\\' || c == '\t' || c == '\n');
      case LITERAL -> type.equals("uuid") || type.startsWith("inet");
      default -> column.isPlain();
    };
  }

  /** Only whole columns count: a key over the beginnings of values gives no order. */
  private void readKeys() throws IOException {
    for (Row row :
        session.rows(
            "Listing the keys of " + schema,
            "SELECT TABLE_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS"
                + inSchema()
                + " AND INDEX_NAME='PRIMARY' ORDER BY TABLE_NAME, SEQ_IN_INDEX")) {
      keys.computeIfAbsent(row.text(1), table -> new ArrayList<>())
          .add(row.find(3).isPresent() ? "" : row.text(2));
    }
  }

  /** What to know to read the rows of a table. */
  Table table(Listed table) {
    List<Described> described = columns.getOrDefault(table.name(), List.of());
    List<Described> key = new ArrayList<>();
    List<String> names = keys.getOrDefault(table.name(), List.of());
    for (String name : names) {
      described.stream().filter(d -> d.column().name().equals(name)).forEach(key::add);
    }
    boolean ordered = table.isTransactional() && key.size() == names.size();
    List<Column> large = new ArrayList<>();
    long longest = 0;
    for (Described one : described) {
      if (one.mostBytes() > LARGE_COLUMN_BYTES && ordered && isSteppable(key)) {
        large.add(one.column());
      } else {
        longest += one.mostBytes();
      }
    }
    return new Table(
        schema,
        table.name(),
        described.stream().map(Described::column).toList(),
        described.stream().filter(Described::plain).map(Described::column).toList(),
        ordered ? key.stream().map(Described::column).toList() : List.of(),
        large,
        table.averageRowBytes(),
        table.expectedBytes(),
        longest);
  }

  /** Whether rows after a given one can be asked for by comparing their keys. */
  private static boolean isSteppable(List<Described> key) {
    for (Described member : key) {
      boolean steppable =
          switch (member.column().kind()) {
            case NUMBER -> !member.type().equals("double");
            case TIME, BINARY -> true;
            case TEXT -> !member.type().equals("set");
            default -> false;
          };
      if (!steppable) {
        return false;
      }
    }
    return !key.isEmpty();
  }
}
