package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.JdbcTarget.Mode;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads tables into a database of any kind: in one transaction where definitions are part of one,
 * otherwise dropping what it made if it fails. Used by one thread.
 */
final class PortableLoad extends SingleLoad {

  private final Product product;
  private final LoadOptions options;
  private final TargetContext context;
  private final Definitions definitions;
  private final boolean sameKind;
  private final Deque<String> undo = new ArrayDeque<>();
  private final Map<TableName, String> numbered = new LinkedHashMap<>();
  private final Set<String> schemasThere = new HashSet<>();
  private boolean committed;

  private PortableLoad(Connection connection, Plan plan, LoadOptions options, TargetContext context)
      throws SQLException {
    super(connection);
    this.product = Product.of(connection);
    this.options = options;
    this.context = context;
    this.sameKind = product.name().equals(plan.facts().get(PortableSchema.KIND));
    Map<String, String> schemas = new HashMap<>();
    String own = PortableSchema.ownSchema(connection, product);
    schemas.put(plan.facts().getOrDefault(PortableSchema.SCHEMA, ""), own);
    schemas.putAll(options.schemas());
    this.definitions = new Definitions(product, schemas);
    this.schemasThere.add(own);
  }

  static PortableLoad begin(
      Connection connection,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws SQLException, IOException {
    PortableLoad load = new PortableLoad(connection, plan, options, context);
    if (options.mode() == Mode.SWAP && !load.product.definesInTransactions()) {
      throw new IOException(
          "This database defines nothing in transactions, so tables cannot be swapped safely;"
              + " restore under another schema's name, or choose mode rows");
    }
    Set<TableName> tables = new HashSet<>();
    for (Step step : steps) {
      step.table().ifPresent(table -> tables.add(load.definitions.target(table)));
    }
    Set<TableName> there = load.there(tables);
    load.refuse(tables, there);
    if (!context.dryRun()) {
      load.prepare(steps, there);
    }
    return load;
  }

  private Set<TableName> there(Set<TableName> wanted) throws SQLException {
    Set<TableName> there = new HashSet<>();
    Connection connection = connection();
    boolean catalogs = product == Product.MARIADB;
    try (ResultSet found =
        connection
            .getMetaData()
            .getTables(catalogs ? null : connection.getCatalog(), null, "%", null)) {
      while (found.next()) {
        String schema =
            product == Product.SQLITE
                ? "main"
                : found.getString(catalogs ? "TABLE_CAT" : "TABLE_SCHEM");
        schemasThere.add(schema == null ? "" : schema);
        there.add(new TableName(schema == null ? "" : schema, found.getString("TABLE_NAME")));
      }
    }
    try (ResultSet found =
        catalogs ? connection.getMetaData().getCatalogs() : connection.getMetaData().getSchemas()) {
      while (found.next()) {
        schemasThere.add(found.getString(1));
      }
    }
    there.retainAll(wanted);
    return there;
  }

  private void refuse(Set<TableName> wanted, Set<TableName> there) throws IOException {
    boolean needsThem = options.mode() == Mode.MERGE || options.mode() == Mode.ROWS;
    for (TableName table : wanted) {
      if (options.mode() == Mode.REFUSE && there.contains(table)) {
        throw new FileAlreadyExistsException(
            table.toString(),
            null,
            "this table exists, so nothing is restored; choose mode swap, merge or rows, another"
                + " schema's name or another database");
      }
      if (needsThem && !there.contains(table)) {
        throw new IOException(
            "Table " + table + " does not exist, and mode " + options.mode() + " makes none");
      }
      if (product == Product.SQLITE && !table.schema().equals("main")) {
        throw new IOException(
            "SQLite has no schema "
                + table.schema()
                + "; restore it under the name main, if its tables have names of their own");
      }
    }
  }

  private void prepare(List<Step> steps, Set<TableName> there) throws SQLException {
    Connection connection = connection();
    connection.setAutoCommit(false);
    if (product == Product.SQLITE) {
      Sessions.run(connection, "PRAGMA defer_foreign_keys=ON");
    }
    List<String> rows = new ArrayList<>();
    for (Step step : steps) {
      if (isRows(step) && step.table().isPresent()) {
        rows.add(0, definitions.quoted(step.table().get()));
      }
    }
    if (options.mode() == Mode.ROWS) {
      for (String table : rows) {
        Sessions.run(connection, "DELETE FROM " + table);
      }
    }
    if (options.mode() == Mode.SWAP) {
      List<String> old =
          there.stream().map(t -> product.quoted(t.schema(), t.table())).sorted().toList();
      if (product == Product.SQLITE) {
        for (String table : old) {
          Sessions.run(connection, "DROP TABLE " + table);
        }
      } else if (!old.isEmpty()) {
        Sessions.run(connection, "DROP TABLE " + String.join(", ", old));
      }
    }
  }

  private static boolean isRows(Step step) {
    return "rows".equals(step.facts().get("kind"));
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    String attempted = "Making " + step.path();
    switch (step.facts().getOrDefault("kind", "")) {
      case "definition" -> define(step, TableModel.parse(text(step, content)));
      case "rows" -> fill(step, content, rows);
      case "keys" -> {
        for (TableModel.Index index : TableModel.parse(text(step, content)).indexes()) {
          execute(attempted, definitions.index(table(step), index));
        }
      }
      case "references" -> {
        for (TableModel.ForeignKey key : TableModel.parse(text(step, content)).foreignKeys()) {
          if (product != Product.SQLITE) {
            execute(attempted, definitions.foreignKey(table(step), key));
          }
        }
      }
      case "view" -> {
        if (sameKind && options.schemas().isEmpty() && options.mode() == Mode.REFUSE) {
          execute(attempted, text(step, content));
          TableName view =
              new TableName(
                  step.facts().getOrDefault("schema", ""), step.facts().getOrDefault("name", ""));
          undo.push("DROP VIEW " + definitions.quoted(view));
        } else {
          context.warn(
              step.path(), "this view is not made: its text is for another kind of restore");
        }
      }
      case "note" -> content.transferTo(OutputStream.nullOutputStream());
      default -> throw new IOException("The plan says nothing known of " + step.path());
    }
  }

  private void define(Step step, TableModel model) throws IOException {
    TableName dumped = table(step);
    TableName target = definitions.target(dumped);
    if (schemasThere.add(target.schema()) && product != Product.SQLITE) {
      execute(
          "Making schema " + target.schema(), "CREATE SCHEMA " + product.quoted(target.schema()));
      undo.push("DROP SCHEMA " + product.quoted(target.schema()));
    }
    execute("Making table " + target, definitions.table(dumped, model));
    undo.push("DROP TABLE " + definitions.quoted(dumped));
    model.columns().stream()
        .filter(TableModel.Column::identity)
        .forEach(column -> numbered.put(dumped, column.name()));
  }

  private void fill(Step step, InputStream content, OptionalLong rows) throws IOException {
    TableName dumped = table(step);
    String quoted = definitions.quoted(dumped);
    List<String> key = step.facts().getOrDefault("key", "").lines().toList();
    boolean merging = options.mode() == Mode.MERGE;
    if (merging && key.isEmpty()) {
      throw new IOException(
          dumped + " has no primary key, so its rows cannot be merged; choose mode rows");
    }
    long count =
        new RowInsert(connection(), product)
            .insert(
                definitions.target(dumped),
                content,
                rows,
                (columns, values) -> insert(quoted, columns, values, merging ? key : List.of()));
    if (!merging) {
      expect(quoted, count);
    }
  }

  private String insert(
      String quoted, List<RowColumn> columns, List<String> values, List<String> key) {
    List<String> names = columns.stream().map(RowColumn::name).toList();
    String into = quoted + " (" + product.quoted(names) + ")";
    String row = " VALUES (" + String.join(", ", values) + ")";
    if (key.isEmpty()) {
      return "INSERT INTO " + into + row;
    }
    if (product == Product.H2) {
      return "MERGE INTO " + into + " KEY (" + product.quoted(key) + ")" + row;
    }
    boolean maria = product == Product.MARIADB;
    String sets =
        names.stream()
            .map(product::quoted)
            .map(n -> n + "=" + (maria ? "VALUES(" + n + ")" : "excluded." + n))
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + into
        + row
        + (maria
            ? " ON DUPLICATE KEY UPDATE "
            : " ON CONFLICT (" + product.quoted(key) + ") DO UPDATE SET ")
        + sets;
  }

  @Override
  public void commit() throws IOException {
    try {
      if (product == Product.POSTGRESQL) {
        numberOn();
      }
      verifyCounts();
      connection().commit();
      committed = true;
      if (product == Product.H2) {
        numberOn();
        connection().commit();
      }
    } catch (SQLException failure) {
      throw Failures.of("Committing what was restored", failure);
    }
  }

  /** Numbers go on behind the highest that was put in. */
  private void numberOn() throws SQLException {
    for (Map.Entry<TableName, String> column : numbered.entrySet()) {
      String table = definitions.quoted(column.getKey());
      String name = product.quoted(column.getValue());
      long next =
          Sessions.number(connection(), "SELECT COALESCE(MAX(" + name + "), 0) FROM " + table) + 1;
      if (next > 1) {
        Sessions.run(
            connection(),
            "ALTER TABLE " + table + " ALTER COLUMN " + name + " RESTART WITH " + next);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (!committed && !connection().isClosed() && !connection().getAutoCommit()) {
        connection().rollback();
        if (!product.definesInTransactions()) {
          for (String statement : undo) {
            Sessions.run(connection(), statement);
          }
        }
      }
    } catch (SQLException failure) {
      if (!Failures.isLost(failure)) {
        throw Failures.of("Dropping what a restore made that failed", failure);
      }
    } finally {
      super.close();
    }
  }
}
