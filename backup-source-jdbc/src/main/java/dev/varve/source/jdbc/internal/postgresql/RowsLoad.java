package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Puts rows into tables that exist, in one transaction: merged by their keys, or in the place of
 * all that is there. Triggers do not fire and foreign keys are looked at once at the end, where the
 * user may say so. Used by one thread, except for cancelling.
 */
final class RowsLoad implements Load {

  private final Connections connections;
  private final Session session;
  private final Catalog catalog;
  private final StepLoader loader;
  private final boolean merge;
  private final Map<String, String> schemas;

  /** The tables that rows go into, by their names in the dump. */
  private final Map<String, ExistingTable> tables = new LinkedHashMap<>();

  private boolean quiet;

  RowsLoad(
      Connections connections,
      List<Step> steps,
      LoadOptions options,
      TargetContext context,
      Session session)
      throws SQLException, IOException {
    this.connections = connections;
    this.session = session;
    this.catalog = new Catalog(session.connection());
    this.loader = new StepLoader(connections, options, context);
    this.merge = options.mode() == JdbcTarget.Mode.MERGE;
    this.schemas = options.schemas();
    for (Step step : steps) {
      if (Planner.kind(step) == Kind.ROWS) {
        find(step);
      }
    }
    session.execute("BEGIN");
    silence(context);
    if (!merge && !context.dryRun()) {
      empty();
    }
  }

  private void find(Step step) throws SQLException, IOException {
    String dumped = step.facts().getOrDefault(Planner.NAME, "");
    if (tables.containsKey(dumped)) {
      return;
    }
    TableName name = step.table().orElseThrow();
    TableName here =
        new TableName(schemas.getOrDefault(name.schema(), name.schema()), name.table());
    ExistingTable table = ExistingTable.find(catalog, here, connections);
    if (merge) {
      table.requireKey(connections);
    }
    tables.put(dumped, table);
  }

  /** Keeps triggers and foreign keys from acting on each row, where the user has that right. */
  private void silence(TargetContext context) throws SQLException {
    session.execute("SAVEPOINT quiet");
    try {
      session.execute("SET LOCAL session_replication_role TO replica");
      quiet = true;
    } catch (SQLException refused) {
      session.execute("ROLLBACK TO SAVEPOINT quiet; SET CONSTRAINTS ALL DEFERRED");
      context.warn(
          "This user may not set session_replication_role in "
              + connections
              + ", so triggers fire and foreign keys are looked at for each row");
    }
  }

  /** Empties all tables at once; one that others refer to is emptied row by row. */
  private void empty() throws SQLException {
    String all = oids();
    StringBuilder truncated = new StringBuilder();
    for (ExistingTable table : tables.values()) {
      boolean referred =
          !catalog
              .list(
                  "SELECT 1 AS one FROM pg_constraint WHERE contype = 'f' AND confrelid = "
                      + table.oid()
                      + " AND conrelid NOT IN ("
                      + all
                      + ") LIMIT 1",
                  row -> 1)
              .isEmpty();
      if (referred) {
        session.execute("DELETE FROM ONLY " + table.name());
      } else {
        truncated.append(truncated.isEmpty() ? "" : ", ").append("ONLY ").append(table.name());
      }
    }
    if (!truncated.isEmpty()) {
      session.execute("TRUNCATE TABLE " + truncated);
    }
  }

  private String oids() {
    StringBuilder oids = new StringBuilder("0");
    tables.values().forEach(table -> oids.append(", ").append(table.oid()));
    return oids.toString();
  }

  @Override
  public int parallelSteps() {
    return 1;
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    try {
      switch (Planner.kind(step)) {
        case ROWS -> rows(step, content, rows);
        case SEQUENCE_VALUE -> sequence(step, content);
        case LARGE_OBJECTS -> new LargeObjectWriter(session).replace(content);
        default ->
            throw new IOException(
                step.path() + " is no rows; this restore puts rows into tables that exist");
      }
    } catch (SQLException failure) {
      throw Failures.of("Restoring " + step.path() + " into " + connections, failure);
    }
  }

  private void rows(Step step, InputStream content, OptionalLong rows)
      throws SQLException, IOException {
    ExistingTable table = tables.get(step.facts().getOrDefault(Planner.NAME, ""));
    if (table == null) {
      throw new IOException(step.path() + " was not announced");
    }
    String columns = StepLoader.columns(step);
    if (!merge) {
      loader.copy(session, step, table.name() + columns, "", content, rows);
      return;
    }
    String listed = step.facts().getOrDefault(Planner.COLUMNS, "");
    session.execute(
        "CREATE TEMPORARY TABLE varve_rows ON COMMIT DROP AS SELECT "
            + listed
            + " FROM ONLY "
            + table.name()
            + " WITH NO DATA");
    loader.copy(session, step, "pg_temp.varve_rows" + columns, "", content, rows);
    for (String statement : table.merging(listed)) {
      session.execute(statement);
    }
    session.execute("DROP TABLE pg_temp.varve_rows");
  }

  /** A sequence goes where it was; merging moves it on, never back. */
  private void sequence(Step step, InputStream content) throws SQLException, IOException {
    String sql = new String(content.readAllBytes(), StandardCharsets.UTF_8);
    String name = step.facts().getOrDefault(Planner.NAME, "");
    String here = name;
    for (Map.Entry<String, String> schema : schemas.entrySet()) {
      for (String from : List.of(schema.getKey(), Sql.identifier(schema.getKey()))) {
        if (name.startsWith(from + ".")) {
          here = Sql.identifier(schema.getValue()) + name.substring(from.length());
        }
      }
    }
    boolean missing =
        catalog.first(
            "SELECT to_regclass(" + Sql.literal(here) + ") IS NULL AS missing",
            row -> row.is("missing"));
    if (missing) {
      throw new IOException(
          connections + " has no sequence " + here + " for " + step.path() + "; restore it whole");
    }
    if (!merge) {
      session.execute(sql.replace(Sql.literal(name), Sql.literal(here)));
      return;
    }
    String last = step.facts().getOrDefault("last", "1");
    session.execute(
        "SELECT pg_catalog.setval(seqrelid::regclass, "
            + last
            + ", "
            + step.facts().getOrDefault("called", "true")
            + ") FROM pg_sequence, "
            + here
            + " WHERE seqrelid = "
            + Sql.literal(here)
            + "::regclass AND (seqincrement > 0 AND last_value < "
            + last
            + " OR seqincrement < 0 AND last_value > "
            + last
            + ")");
  }

  @Override
  public void commit() throws IOException {
    try {
      if (quiet) {
        new ForeignKeys(catalog, connections).require(oids());
        session.execute("SET LOCAL session_replication_role TO origin");
      }
      session.refreshStatistics(tables.values().stream().map(ExistingTable::name).toList());
      session.commitLoad();
    } catch (SQLException failure) {
      throw Failures.of(
          "Finishing the restore of rows into " + connections + " (nothing is changed)", failure);
    }
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public void close() throws IOException {
    session.rollBack();
    session.close();
  }
}
