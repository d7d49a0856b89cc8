package dev.varve.source.jdbc.internal.h2;

import dev.varve.source.jdbc.JdbcTarget.Mode;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.source.jdbc.internal.portable.Product;
import dev.varve.source.jdbc.internal.portable.RowColumn;
import dev.varve.source.jdbc.internal.portable.RowInsert;
import dev.varve.source.jdbc.internal.portable.Sessions;
import dev.varve.source.jdbc.internal.portable.SingleLoad;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Loads into H2. Definitions take effect at once there, so a load that fails drops what it made;
 * rows for tables that exist are put in by one transaction. Used by one thread.
 */
final class H2Load extends SingleLoad {

  private static final Product SQL = Product.H2;

  private final LoadOptions options;
  private final Deque<String> undo = new ArrayDeque<>();
  private final Set<TableName> filled = new LinkedHashSet<>();
  private final Set<String> schemasThere;
  private boolean committed;

  private H2Load(Connection connection, LoadOptions options, Set<String> schemasThere) {
    super(connection);
    this.options = options;
    this.schemasThere = schemasThere;
  }

  static H2Load begin(
      Connection connection, List<Step> steps, LoadOptions options, TargetContext context)
      throws SQLException, IOException {
    if (options.mode() == Mode.SWAP) {
      throw new IOException(
          "H2 defines nothing in transactions, so tables cannot be swapped safely; restore under"
              + " another schema's name, or choose mode rows");
    }
    Set<String> schemas = new HashSet<>();
    Sessions.rows(connection, "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA")
        .forEach(row -> schemas.add(row.get(0)));
    H2Load load = new H2Load(connection, options, schemas);
    Set<List<String>> there = there(connection);
    for (Step step : steps) {
      load.refuse(step, there);
    }
    connection.setAutoCommit(false);
    if (options.mode() == Mode.ROWS && !context.dryRun()) {
      for (int i = steps.size() - 1; i >= 0; i--) {
        Sessions.run(connection, "DELETE FROM " + load.target(steps.get(i)));
      }
    }
    return load;
  }

  private static Set<List<String>> there(Connection connection) throws SQLException {
    Set<List<String>> there = new HashSet<>();
    for (String[] kind :
        new String[][] {
          {"TABLE_SCHEMA", "TABLE_NAME", "TABLES"},
          {"SEQUENCE_SCHEMA", "SEQUENCE_NAME", "SEQUENCES"},
          {"DOMAIN_SCHEMA", "DOMAIN_NAME", "DOMAINS"},
          {"CONSTANT_SCHEMA", "CONSTANT_NAME", "CONSTANTS"},
          {"SYNONYM_SCHEMA", "SYNONYM_NAME", "SYNONYMS"},
          {"ROUTINE_SCHEMA", "ROUTINE_NAME", "ROUTINES"}
        }) {
      String type = singular(kind[2]);
      Sessions.rows(
              connection,
              "SELECT " + kind[0] + ", " + kind[1] + " FROM INFORMATION_SCHEMA." + kind[2])
          .forEach(row -> there.add(List.of(type, row.get(0), row.get(1))));
    }
    return there;
  }

  private static String singular(String view) {
    return view.substring(0, view.length() - 1).toLowerCase(Locale.ROOT);
  }

  private void refuse(Step step, Set<List<String>> there) throws IOException {
    String kind = step.facts().getOrDefault("kind", "");
    String schema = schema(step.facts().getOrDefault("schema", ""));
    String name = step.facts().getOrDefault("name", "");
    String type =
        switch (kind) {
          case "view" -> "table";
          case "alias", "aggregate" -> "routine";
          default -> kind;
        };
    if (options.mode() == Mode.REFUSE && there.contains(List.of(type, schema, name))) {
      throw new FileAlreadyExistsException(
          schema + "." + name,
          null,
          "this "
              + kind
              + " exists, so nothing is restored; choose mode merge or rows, another schema's name"
              + " or another database");
    }
    if (isRows(step) && options.mode() != Mode.REFUSE) {
      TableName table = table(step);
      if (!there.contains(List.of("table", schema(table.schema()), table.table()))) {
        throw new IOException(
            "Table " + table + " does not exist, and mode " + options.mode() + " makes none");
      }
    }
  }

  static boolean isRows(Step step) {
    return "rows".equals(step.facts().get("kind"));
  }

  static String quoted(Step step) throws IOException {
    return SQL.quoted(table(step).schema(), table(step).table());
  }

  private String schema(String dumped) {
    return options.schemas().getOrDefault(dumped, dumped);
  }

  private String target(Step step) throws IOException {
    return SQL.quoted(schema(table(step).schema()), table(step).table());
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    if (isRows(step)) {
      fill(step, content, rows);
      return;
    }
    String kind = step.facts().getOrDefault("kind", "");
    boolean about = kind.equals("user") || kind.equals("role") || kind.equals("grant");
    if (about && !options.roles()) {
      return;
    }
    if (kind.equals("table")) {
      ensureSchema(schema(step.facts().getOrDefault("schema", "")));
    }
    execute(
        "Making " + step.path(), ScriptStatement.renamed(text(step, content), options.schemas()));
    remember(step, kind);
  }

  /** The schema PUBLIC is made by no statement, but may be restored under another name. */
  private void ensureSchema(String schema) throws IOException {
    if (schemasThere.add(schema)) {
      execute("Making schema " + schema, "CREATE SCHEMA IF NOT EXISTS " + SQL.quoted(schema));
      undo.push("DROP SCHEMA IF EXISTS " + SQL.quoted(schema) + " RESTRICT");
    }
  }

  private void remember(Step step, String kind) {
    String schema = schema(step.facts().getOrDefault("schema", ""));
    String name = step.facts().getOrDefault("name", "");
    switch (kind) {
      case "table" -> undo.push("DROP TABLE IF EXISTS " + SQL.quoted(schema, name) + " CASCADE");
      case "view" -> undo.push("DROP VIEW IF EXISTS " + SQL.quoted(schema, name));
      case "sequence", "domain", "constant", "alias", "synonym" ->
          undo.push(
              "DROP " + kind.toUpperCase(Locale.ROOT) + " IF EXISTS " + SQL.quoted(schema, name));
      case "aggregate" -> undo.push("DROP AGGREGATE IF EXISTS " + SQL.quoted(schema, name));
      case "schema" -> {
        String own = schema(name);
        if (schemasThere.add(own)) {
          undo.push("DROP SCHEMA IF EXISTS " + SQL.quoted(own) + " RESTRICT");
        }
      }
      default -> {
        // Goes with its table, or was there.
      }
    }
  }

  private void fill(Step step, InputStream content, OptionalLong rows) throws IOException {
    TableName dumped = table(step);
    TableName table = new TableName(schema(dumped.schema()), dumped.table());
    String quoted = target(step);
    List<String> key = step.facts().getOrDefault("key", "").lines().toList();
    boolean merging = options.mode() == Mode.MERGE;
    if (merging && key.isEmpty()) {
      throw new IOException(
          table + " has no primary key, so its rows cannot be merged; choose mode rows");
    }
    long count =
        new RowInsert(connection(), SQL)
            .insert(
                table,
                content,
                rows,
                (columns, values) ->
                    (merging ? "MERGE INTO " : "INSERT INTO ")
                        + quoted
                        + "("
                        + SQL.quoted(columns.stream().map(RowColumn::name).toList())
                        + ")"
                        + (merging ? " KEY(" + SQL.quoted(key) + ")" : " OVERRIDING SYSTEM VALUE")
                        + " VALUES ("
                        + String.join(", ", values)
                        + ")");
    filled.add(table);
    if (!merging) {
      expect(quoted, count);
    }
  }

  @Override
  public void commit() throws IOException {
    verifyCounts();
    try {
      connection().commit();
      committed = true;
      if (options.mode() != Mode.REFUSE) {
        for (TableName table : filled) {
          restartIdentity(table);
        }
      }
      Sessions.run(connection(), "ANALYZE");
      connection().commit();
    } catch (SQLException failure) {
      throw Failures.of("Committing what was restored", failure);
    }
  }

  /** Numbers must go on behind the highest that was put in. */
  private void restartIdentity(TableName table) throws SQLException {
    for (List<String> column :
        Sessions.rows(
            connection(),
            "SELECT COLUMN_NAME, IDENTITY_BASE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA=?"
                + " AND TABLE_NAME=? AND IS_IDENTITY='YES'",
            table.schema(),
            table.table())) {
      String quoted = SQL.quoted(table.schema(), table.table());
      long highest =
          Sessions.number(
              connection(),
              "SELECT COALESCE(MAX(" + SQL.quoted(column.get(0)) + "), 0) FROM " + quoted);
      if (highest >= Long.parseLong(column.get(1))) {
        Sessions.run(
            connection(),
            "ALTER TABLE "
                + quoted
                + " ALTER COLUMN "
                + SQL.quoted(column.get(0))
                + " RESTART WITH "
                + (highest + 1));
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (!committed) {
        connection().rollback();
        for (String statement : undo) {
          Sessions.run(connection(), statement);
        }
      }
    } catch (SQLException failure) {
      throw Failures.of("Dropping what a restore made that failed", failure);
    } finally {
      super.close();
    }
  }
}
