package dev.varve.source.jdbc.internal.sqlite;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.source.jdbc.internal.portable.ColumnType;
import dev.varve.source.jdbc.internal.portable.Kind;
import dev.varve.source.jdbc.internal.portable.Product;
import dev.varve.source.jdbc.internal.portable.RowColumn;
import dev.varve.source.jdbc.internal.portable.Sessions;
import dev.varve.source.jdbc.internal.portable.SingleDump;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads what a SQLite database holds, once, and plans its restore. Used by one thread. */
final class SqliteSchema {

  static final String MAIN = "main";

  private final Connection connection;
  private final Selection selection;
  private final Map<EntryPath, String> texts = new HashMap<>();
  private final Map<EntryPath, SingleDump.Query> queries = new HashMap<>();
  private final Map<Phase, List<Step>> steps = new TreeMap<>();
  private final List<String> leftOut = new ArrayList<>();

  SqliteSchema(Connection connection, Selection selection) {
    this.connection = connection;
    this.selection = selection;
  }

  Dump dump() throws SQLException {
    connection.setAutoCommit(false);
    // The first read begins the transaction whose view all others share.
    Map<String, String> kinds = new HashMap<>();
    for (List<String> table :
        Sessions.rows(
            connection, "SELECT name, type, wr FROM pragma_table_list WHERE schema='main'")) {
      kinds.put(table.get(0), table.get(1) + table.get(2));
    }
    settings();
    for (List<String> thing :
        Sessions.rows(
            connection,
            "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY"
                + " rowid")) {
      add(thing.get(0), thing.get(1), thing.get(2), thing.get(3), kinds);
    }
    sequences();
    List<Step> all = steps.values().stream().flatMap(List::stream).toList();
    String product = "SQLite " + connection.getMetaData().getDatabaseProductVersion();
    Plan plan = new Plan("sqlite", product, Map.of(), all, leftOut);
    return new SingleDump(connection, plan, texts, queries, List.of());
  }

  private void settings() throws SQLException {
    for (String setting : List.of("user_version", "application_id")) {
      long value = Sessions.number(connection, "PRAGMA " + setting);
      if (value != 0 && selection.isEverything()) {
        text(
            Phase.DEFINITION,
            PathNames.path(MAIN, "settings", setting),
            Optional.empty(),
            List.of(),
            Map.of("kind", "setting"),
            "PRAGMA " + setting + "=" + value);
      }
    }
  }

  private void add(
      String type, String name, String tableName, String sql, Map<String, String> kinds)
      throws SQLException {
    TableName table = new TableName(MAIN, tableName);
    if (name.toLowerCase(Locale.ROOT).startsWith("sqlite_")) {
      return;
    }
    boolean own = type.equals("view") ? selection.takesSchema(MAIN) : selection.takes(table);
    EntryPath definition = PathNames.path(MAIN, "tables", tableName, "definition");
    String kind = kinds.getOrDefault(tableName, "");
    if (!own || kind.startsWith("shadow")) {
      return;
    }
    if (kind.startsWith("virtual")) {
      if (type.equals("table")) {
        leftOut.add("virtual table " + name);
      }
      return;
    }
    Map<String, String> facts = Map.of("kind", type, "name", name);
    switch (type) {
      case "table" -> {
        text(Phase.DEFINITION, definition, Optional.of(table), List.of(), facts, sql);
        rows(table, definition, kind.endsWith("1"));
      }
      case "index" ->
          text(
              Phase.KEY,
              PathNames.path(MAIN, "tables", tableName, "indexes", name),
              Optional.of(table),
              List.of(definition),
              facts,
              sql);
      case "trigger" ->
          text(
              Phase.COMPLETION,
              PathNames.path(
                  MAIN, kind.startsWith("view") ? "views" : "tables", tableName, "triggers", name),
              kind.startsWith("view") ? Optional.empty() : Optional.of(table),
              kind.startsWith("view")
                  ? List.of(PathNames.path(MAIN, "views", tableName, "definition"))
                  : List.of(definition),
              facts,
              sql);
      default ->
          text(
              Phase.COMPLETION,
              PathNames.path(MAIN, "views", name, "definition"),
              Optional.empty(),
              List.of(),
              facts,
              sql);
    }
  }

  private void rows(TableName table, EntryPath definition, boolean withoutRowid)
      throws SQLException {
    List<RowColumn> columns = new ArrayList<>();
    TreeMap<Integer, String> key = new TreeMap<>();
    for (List<String> column :
        Sessions.rows(
            connection,
            "SELECT name, hidden, pk FROM pragma_table_xinfo(?) ORDER BY cid",
            table.table())) {
      if (column.get(1).equals("0")) {
        columns.add(new RowColumn(column.get(0), ColumnType.of(Kind.ANY), false));
      }
      if (!column.get(2).equals("0")) {
        key.put(Integer.valueOf(column.get(2)), column.get(0));
      }
    }
    Product sql = Product.SQLITE;
    Set<String> names = new HashSet<>();
    columns.forEach(column -> names.add(column.name().toLowerCase(Locale.ROOT)));
    Optional<String> rowid =
        Stream.of("rowid", "_rowid_", "oid")
            .filter(name -> !withoutRowid && !names.contains(name))
            .findFirst();
    // A covering index must not choose the order: tomorrow it may be another.
    String order = rowid.orElse(key.isEmpty() ? "1" : sql.quoted(List.copyOf(key.values())));
    EntryPath path = PathNames.path(MAIN, "tables", table.table(), "rows");
    String query =
        "SELECT "
            + sql.quoted(columns.stream().map(RowColumn::name).toList())
            + " FROM "
            + sql.quoted(table.table())
            + " ORDER BY "
            + order;
    queries.put(path, new SingleDump.Query(query, columns));
    steps
        .computeIfAbsent(Phase.ROWS, unused -> new ArrayList<>())
        .add(
            new Step(
                Phase.ROWS, path, Optional.of(table), List.of(definition), Map.of("kind", "rows")));
  }

  /** Numbers that were used once and must not be again. */
  private void sequences() throws SQLException {
    if (Sessions.number(
            connection, "SELECT COUNT(*) FROM sqlite_schema WHERE name='sqlite_sequence'")
        == 0) {
      return;
    }
    for (List<String> sequence :
        Sessions.rows(connection, "SELECT name, seq FROM sqlite_sequence ORDER BY name")) {
      TableName table = new TableName(MAIN, sequence.get(0));
      EntryPath rows = PathNames.path(MAIN, "tables", table.table(), "rows");
      if (queries.containsKey(rows)) {
        text(
            Phase.ROWS,
            PathNames.path(MAIN, "tables", table.table(), "sequence"),
            Optional.of(table),
            List.of(PathNames.path(MAIN, "tables", table.table(), "definition"), rows),
            Map.of("kind", "sequence"),
            "UPDATE sqlite_sequence SET seq="
                + Long.parseLong(sequence.get(1))
                + " WHERE name='"
                + table.table().replace("'", "''")
                + "'");
      }
    }
  }

  private void text(
      Phase phase,
      EntryPath path,
      Optional<TableName> table,
      List<EntryPath> requires,
      Map<String, String> facts,
      String sql) {
    texts.put(path, sql + ";\n");
    steps
        .computeIfAbsent(phase, unused -> new ArrayList<>())
        .add(new Step(phase, path, table, requires, facts));
  }
}
