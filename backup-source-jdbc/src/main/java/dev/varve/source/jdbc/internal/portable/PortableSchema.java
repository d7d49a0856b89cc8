package dev.varve.source.jdbc.internal.portable;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the tables of a database, once, and plans their restore. Used by one thread. */
final class PortableSchema {

  /** Which {@link Product} was dumped. */
  static final String KIND = "kind";

  /** Which schema is the one that needs no name. */
  static final String SCHEMA = "schema";

  private final Connection connection;
  private final Product product;
  private final Selection selection;
  private final Map<EntryPath, String> texts = new HashMap<>();
  private final Map<EntryPath, SingleDump.Query> queries = new HashMap<>();
  private final Map<Phase, List<Step>> steps = new TreeMap<>();

  PortableSchema(Connection connection, Selection selection) throws SQLException {
    this.connection = connection;
    this.product = Product.of(connection);
    this.selection = selection;
  }

  Dump dump() throws SQLException, IOException {
    int isolation = connection.getTransactionIsolation();
    isolate();
    TableModels models = new TableModels(connection, selection);
    Map<TableName, TableModel> tables = models.read();
    for (Map.Entry<TableName, TableModel> table : tables.entrySet()) {
      add(table.getKey(), table.getValue(), tables);
    }
    views();
    if (PortableDialect.isCockroach(connection)) {
      noteCockroach();
      models.leftOut().add("what only CockroachDB knows; database/show-create has its words");
    }
    List<Step> all = steps.values().stream().flatMap(List::stream).toList();
    DatabaseMetaData jdbc = connection.getMetaData();
    Plan plan =
        new Plan(
            "portable",
            jdbc.getDatabaseProductName() + " " + jdbc.getDatabaseProductVersion(),
            Map.of(KIND, product.name(), SCHEMA, ownSchema(connection, product)),
            all,
            List.copyOf(models.leftOut()));
    return new SingleDump(connection, plan, texts, queries, after(isolation));
  }

  /** The schema whose tables need no other name before theirs. */
  static String ownSchema(Connection connection, Product product) throws SQLException {
    String own =
        switch (product) {
          case SQLITE -> "main";
          case MARIADB -> connection.getCatalog();
          default -> connection.getSchema();
        };
    return Objects.requireNonNullElse(own, "");
  }

  /** Begins a transaction in which all queries see one state. */
  private void isolate() throws SQLException {
    switch (product) {
      case H2 -> {
        Sessions.run(
            connection, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SNAPSHOT");
        Sessions.run(connection, "SET LAZY_QUERY_EXECUTION 1");
        connection.setAutoCommit(false);
      }
      case SQLITE -> {
        connection.setAutoCommit(false);
        Sessions.number(connection, "SELECT COUNT(*) FROM sqlite_schema");
      }
      case MARIADB -> {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        Sessions.run(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
      }
      case POSTGRESQL -> {
        if (PortableDialect.isCockroach(connection)) {
          connection.setAutoCommit(false);
          // Reads of a moment that has passed disturb nobody and are not disturbed.
          Sessions.run(connection, "SET TRANSACTION AS OF SYSTEM TIME '-5s'");
          return;
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        Sessions.number(connection, "SELECT 1");
      }
      default -> {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
      }
    }
  }

  private List<String> after(int isolation) {
    return product == Product.H2 && isolation == Connection.TRANSACTION_READ_COMMITTED
        ? List.of(
            "SET LAZY_QUERY_EXECUTION 0",
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")
        : List.of();
  }

  private void add(TableName name, TableModel table, Map<TableName, TableModel> all)
      throws SQLException, IOException {
    EntryPath definition = path(name, "definition");
    EntryPath rows = path(name, "rows");
    EntryPath keys = path(name, "keys");
    text(Phase.DEFINITION, definition, name, List.of(), table.definition());
    String query =
        "SELECT "
            + product.quoted(table.columns().stream().map(TableModel.Column::name).toList())
            + " FROM "
            + product.quoted(name.schema(), name.table())
            + (table.primaryKey().isEmpty()
                ? ""
                : " ORDER BY " + product.quoted(table.primaryKey()));
    queries.put(rows, new SingleDump.Query(query, JdbcTypes.columns(connection, query)));
    Optional<TableName> owner = Optional.of(name);
    steps
        .computeIfAbsent(Phase.ROWS, unused -> new ArrayList<>())
        .add(
            new Step(
                Phase.ROWS,
                rows,
                owner,
                List.of(definition),
                Map.of("kind", "rows", "key", String.join("\n", table.primaryKey()))));
    if (!table.indexes().isEmpty()) {
      text(Phase.KEY, keys, name, List.of(definition), table.keys());
    }
    if (!table.foreignKeys().isEmpty()) {
      List<EntryPath> requires = new ArrayList<>(List.of(definition, rows));
      for (TableModel.ForeignKey key : table.foreignKeys()) {
        TableModel other = all.get(key.table());
        if (other != null) {
          requires.add(path(key.table(), "definition"));
          requires.add(path(key.table(), "rows"));
          if (!other.indexes().isEmpty()) {
            requires.add(path(key.table(), "keys"));
          }
        }
      }
      text(Phase.COMPLETION, path(name, "references"), name, requires, table.references());
    }
  }

  private static EntryPath path(TableName table, String part) {
    return PathNames.path(table.schema(), "tables", table.table(), part);
  }

  private void text(
      Phase phase, EntryPath path, TableName table, List<EntryPath> requires, TableModel content)
      throws IOException {
    texts.put(path, content.toJson());
    String kind =
        switch (phase) {
          case DEFINITION -> "definition";
          case KEY -> "keys";
          default -> "references";
        };
    List<EntryPath> distinct = requires.stream().distinct().toList();
    steps
        .computeIfAbsent(phase, unused -> new ArrayList<>())
        .add(new Step(phase, path, Optional.of(table), distinct, Map.of("kind", kind)));
  }

  /** How CockroachDB itself would make all this, for people. Not verified with a server. */
  private void noteCockroach() throws SQLException {
    StringBuilder note = new StringBuilder();
    for (String things : List.of("SCHEMAS", "TYPES", "TABLES")) {
      for (List<String> row : Sessions.rows(connection, "SHOW CREATE ALL " + things)) {
        note.append(row.get(0)).append('\n');
      }
    }
    EntryPath path = PathNames.path("database", "show-create");
    texts.put(path, note.toString());
    steps
        .computeIfAbsent(Phase.COMPLETION, unused -> new ArrayList<>())
        .add(new Step(Phase.COMPLETION, path, Optional.empty(), List.of(), Map.of("kind", "note")));
  }

  private void views() throws SQLException {
    String query =
        product == Product.SQLITE
            ? "SELECT 'main', name, sql FROM sqlite_schema WHERE type='view' ORDER BY rowid"
            : "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS WHERE"
                + " LOWER(TABLE_SCHEMA) NOT IN ('information_schema', 'pg_catalog', 'sys', 'mysql',"
                + " 'performance_schema') ORDER BY 1, 2";
    if (product == Product.OTHER) {
      return;
    }
    for (List<String> view : Sessions.rows(connection, query)) {
      TableName name = new TableName(view.get(0), view.get(1));
      if (!selection.takes(name) || view.get(2).isEmpty()) {
        continue;
      }
      boolean whole = view.get(2).regionMatches(true, 0, "CREATE", 0, 6);
      String sql =
          (whole ? "" : "CREATE VIEW " + product.quoted(name.schema(), name.table()) + " AS ")
              + view.get(2).strip();
      EntryPath path = PathNames.path(name.schema(), "views", name.table());
      texts.put(path, sql.endsWith(";") ? sql + "\n" : sql + ";\n");
      steps
          .computeIfAbsent(Phase.COMPLETION, unused -> new ArrayList<>())
          .add(
              new Step(
                  Phase.COMPLETION,
                  path,
                  Optional.empty(),
                  List.of(),
                  Map.of("kind", "view", "schema", name.schema(), "name", name.table())));
    }
  }
}
