package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the rows of one step into a table: by {@code LOAD DATA LOCAL} where that is permitted, else
 * by statements of many rows. Used by one thread at a time.
 *
 * <p>{@code LOCAL} makes the server skip rows and bend values instead of failing, so its warnings
 * are read and its count is compared.
 */
final class RowLoader {

  private static final Pattern OF_COLUMN = Pattern.compile("for column '(.*)' at row \\d+");

  private final boolean local;
  private final boolean replacing;
  private final boolean ownTables;
  private final PluginContext context;

  /**
   * Loads rows.
   *
   * @param local whether {@code LOAD DATA LOCAL} is permitted
   * @param replacing whether rows with the same key are replaced, not refused
   * @param ownTables whether the tables are those the rows came from, as this load made them
   */
  RowLoader(boolean local, boolean replacing, boolean ownTables, PluginContext context) {
    this.local = local;
    this.replacing = replacing;
    this.ownTables = ownTables;
    this.context = context;
  }

  /** Loads all rows, or fails. */
  void load(Session session, Step step, String schema, InputStream content, OptionalLong rows)
      throws IOException {
    String table = ObjectKind.fact(step, PlanBuilder.NAME);
    List<Column> columns = Column.read(ObjectKind.fact(step, "columns"));
    String attempted = "Loading the rows of " + schema + "." + table + " (" + step.path() + ")";
    Loaded loaded = new Loaded(content, context);
    String into = Names.quote(schema, table);
    long count =
        local
            ? byLoadData(session, attempted, into, columns, loaded)
            : byInserts(session, attempted, into, columns, loaded);
    loaded.requireWhole();
    if (loaded.read() >= 0) {
      throw new IOException(attempted + " ended before the rows did");
    }
    if (rows.isPresent() && rows.getAsLong() != loaded.rows()) {
      throw new IOException(
          attempted + ": " + rows.getAsLong() + " rows were dumped and " + loaded.rows() + " came");
    }
    if (!replacing && count != loaded.rows()) {
      throw new IOException(attempted + ": of " + loaded.rows() + " rows the server took " + count);
    }
  }

  private long byLoadData(
      Session session, String attempted, String into, List<Column> columns, Loaded loaded)
      throws IOException {
    StringJoiner fields = new StringJoiner(",", " (", ")");
    StringJoiner set = new StringJoiner(",", " SET ", "").setEmptyValue("");
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      String name = Names.quote(column.name());
      fields.add(column.isConverted() ? "@varve" + i : name);
      if (column.isConverted()) {
        set.add(name + "=" + column.assigned("@varve" + i));
      }
    }
    String sql =
        "LOAD DATA LOCAL INFILE 'varve' "
            + (replacing ? "REPLACE " : "")
            + "INTO TABLE "
            + into
            + " CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\'"
            + " LINES TERMINATED BY '\\n'"
            + fields
            + set;
    try {
      long count = Sending.run(session, loaded, () -> send(session, sql, loaded));
      loaded.requireWhole();
      requireNoWarnings(session, attempted, columns);
      return count;
    } catch (SQLException failure) {
      loaded.requireWhole();
      throw Faults.of(attempted, failure);
    }
  }

  private static long send(Session session, String sql, Loaded loaded) throws SQLException {
    try (Statement statement = session.statement()) {
      LocalInfile.give(statement, loaded);
      statement.execute(sql);
      return statement.getUpdateCount();
    }
  }

  private long byInserts(
      Session session, String attempted, String into, List<Column> columns, Loaded loaded)
      throws IOException {
    if (ownTables) {
      session.run(attempted, "SET SESSION sql_mode='" + Session.LENIENT_MODE + "'");
    }
    String verb = replacing ? "REPLACE" : "INSERT";
    Inserts inserts =
        new Inserts(
            verb,
            into,
            columns,
            statement -> {
              long count = session.run(attempted, statement);
              if (ownTables) {
                requireNoWarnings(session, attempted, columns);
              }
              return count;
            });
    try {
      RowParser.parse(loaded, inserts);
    } catch (EOFException ended) {
      loaded.requireWhole();
      throw ended;
    }
    inserts.flush();
    if (ownTables) {
      session.run(attempted, "SET SESSION sql_mode='" + Session.LOAD_MODE + "'");
    }
    return inserts.count();
  }

  /** An enumeration holds what is none of its texts; there the server warns, and is right. */
  private void requireNoWarnings(Session session, String attempted, List<Column> columns)
      throws IOException {
    List<String> lenient = new ArrayList<>();
    for (Column column : columns) {
      if (ownTables && column.kind() == Column.Kind.ENUM) {
        lenient.add(column.name());
      }
    }
    if (session.rows(attempted, "SHOW COUNT(*) WARNINGS").get(0).number(1) == 0) {
      return;
    }
    for (Row warning : session.rows(attempted, "SHOW WARNINGS")) {
      int code = (int) warning.number(2);
      Matcher of = OF_COLUMN.matcher(warning.text(3));
      if (code != Faults.DATA_TRUNCATED || !of.find() || !lenient.contains(of.group(1))) {
        throw new IOException(
            attempted + " failed: " + warning.text(3) + " (" + code + ")" + Faults.next(code));
      }
    }
  }
}
