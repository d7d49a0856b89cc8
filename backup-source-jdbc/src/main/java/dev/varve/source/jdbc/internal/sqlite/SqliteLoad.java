package dev.varve.source.jdbc.internal.sqlite;

import dev.varve.source.jdbc.JdbcTarget.Mode;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.source.jdbc.internal.portable.Product;
import dev.varve.source.jdbc.internal.portable.RowInsert;
import dev.varve.source.jdbc.internal.portable.Sessions;
import dev.varve.source.jdbc.internal.portable.SingleLoad;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Loads into SQLite in one transaction, which what exists leaves only if all went well. Used by one
 * thread.
 */
final class SqliteLoad extends SingleLoad {

  private static final Product SQL = Product.SQLITE;

  private final Mode mode;
  private final boolean checksKeys;
  private final List<List<String>> violatedBefore;

  /** Triggers that must not see the rows, to be made again. */
  private final List<String> triggers = new ArrayList<>();

  private SqliteLoad(
      Connection connection, Mode mode, boolean checksKeys, List<List<String>> violatedBefore) {
    super(connection);
    this.mode = mode;
    this.checksKeys = checksKeys;
    this.violatedBefore = violatedBefore;
  }

  static SqliteLoad begin(
      Connection connection, List<Step> steps, LoadOptions options, TargetContext context)
      throws SQLException, IOException {
    if (!options.schemas().isEmpty()) {
      throw new IOException("SQLite has one schema, which has no other name; leave renaming out");
    }
    boolean checksKeys = Sessions.number(connection, "PRAGMA foreign_keys") == 1;
    Map<String, String> there = there(connection);
    refuse(steps, options.mode(), there);
    if (context.dryRun()) {
      return new SqliteLoad(connection, options.mode(), false, List.of());
    }
    // Only outside of transactions can this be said; what is violated is looked for at the end.
    Sessions.run(connection, "PRAGMA foreign_keys=OFF");
    connection.setAutoCommit(false);
    SqliteLoad load =
        new SqliteLoad(
            connection,
            options.mode(),
            checksKeys,
            checksKeys ? Sessions.rows(connection, "PRAGMA foreign_key_check") : List.of());
    load.prepare(steps, there);
    return load;
  }

  /** What exists, each name in small letters with its type. */
  private static Map<String, String> there(Connection connection) throws SQLException {
    Map<String, String> there = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (List<String> thing : Sessions.rows(connection, "SELECT name, type FROM sqlite_schema")) {
      there.put(thing.get(0), thing.get(1));
    }
    return there;
  }

  private static void refuse(List<Step> steps, Mode mode, Map<String, String> there)
      throws IOException {
    for (Step step : steps) {
      Optional<String> name = Optional.ofNullable(step.facts().get("name"));
      if (mode == Mode.REFUSE && name.isPresent() && there.containsKey(name.get())) {
        throw new FileAlreadyExistsException(
            name.get(),
            null,
            "this "
                + there.get(name.get())
                + " exists, so nothing is restored; choose mode swap, merge or rows, or another"
                + " database");
      }
      if ((mode == Mode.MERGE || mode == Mode.ROWS) && !there.containsKey(table(step).table())) {
        throw new IOException(
            "Table "
                + table(step).table()
                + " does not exist, and mode "
                + mode
                + " makes none; choose mode refuse or swap");
      }
    }
  }

  private void prepare(List<Step> steps, Map<String, String> there) throws SQLException {
    for (Step step : steps) {
      String name = step.facts().getOrDefault("name", "");
      String type = there.get(name);
      if (mode == Mode.SWAP && type != null) {
        Sessions.run(
            connection(),
            "DROP " + type.toUpperCase(Locale.ROOT) + " IF EXISTS " + SQL.quoted(name));
      }
      if ((mode == Mode.MERGE || mode == Mode.ROWS) && isRows(step)) {
        String table = step.table().map(TableName::table).orElse("");
        for (List<String> trigger :
            Sessions.rows(
                connection(),
                "SELECT name, sql FROM sqlite_schema WHERE type='trigger' AND lower(tbl_name)=lower(?)",
                table)) {
          triggers.add(trigger.get(1));
          Sessions.run(connection(), "DROP TRIGGER " + SQL.quoted(trigger.get(0)));
        }
        if (mode == Mode.ROWS) {
          Sessions.run(connection(), "DELETE FROM " + SQL.quoted(table));
        }
      }
    }
  }

  private static boolean isRows(Step step) {
    return "rows".equals(step.facts().get("kind"));
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    if (!isRows(step)) {
      execute("Making " + step.path(), text(step, content));
      return;
    }
    TableName table = table(step);
    String quoted = SQL.quoted(table.table());
    String conflict = mode == Mode.MERGE ? replacing(table) : "";
    long count =
        new RowInsert(connection(), SQL)
            .insert(
                table,
                content,
                rows,
                (columns, values) ->
                    "INSERT INTO "
                        + quoted
                        + "("
                        + SQL.quoted(columns.stream().map(c -> c.name()).toList())
                        + ") VALUES ("
                        + String.join(", ", values)
                        + ")"
                        + (conflict.isEmpty()
                            ? ""
                            : conflict
                                + columns.stream()
                                    .map(
                                        c ->
                                            SQL.quoted(c.name())
                                                + "=excluded."
                                                + SQL.quoted(c.name()))
                                    .collect(Collectors.joining(", "))));
    if (mode != Mode.MERGE) {
      expect(quoted, count);
    }
  }

  private String replacing(TableName table) throws IOException {
    List<String> key = new ArrayList<>();
    try {
      for (List<String> column :
          Sessions.rows(
              connection(),
              "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk",
              table.table())) {
        key.add(column.get(0));
      }
    } catch (SQLException failure) {
      throw Failures.of("Asking for the primary key of " + table, failure);
    }
    if (key.isEmpty()) {
      throw new IOException(
          table + " has no primary key, so its rows cannot be merged; choose mode rows or swap");
    }
    return " ON CONFLICT(" + SQL.quoted(key) + ") DO UPDATE SET ";
  }

  @Override
  public void commit() throws IOException {
    for (String trigger : triggers) {
      execute("Making a trigger again", trigger);
    }
    verifyCounts();
    try {
      if (checksKeys) {
        List<List<String>> violations = Sessions.rows(connection(), "PRAGMA foreign_key_check");
        violations.removeAll(violatedBefore);
        for (List<String> violation : violations) {
          throw new IOException(
              "A row of "
                  + violation.get(0)
                  + " (rowid "
                  + violation.get(1)
                  + ") refers to "
                  + violation.get(2)
                  + ", which has none like it; restore that table too, or switch foreign_keys off");
        }
      }
      connection().commit();
    } catch (SQLException failure) {
      throw Failures.of("Committing what was restored", failure);
    }
  }

  @Override
  public void close() throws IOException {
    try (Connection connection = connection()) {
      if (!connection.isClosed() && !connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
        if (checksKeys) {
          Sessions.run(connection, "PRAGMA foreign_keys=ON");
        }
      }
    } catch (SQLException failure) {
      throw Failures.of("Ending the restore", failure);
    }
  }
}
