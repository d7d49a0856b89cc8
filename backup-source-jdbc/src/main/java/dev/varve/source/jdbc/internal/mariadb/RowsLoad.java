package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Puts rows into tables that exist, in one transaction. Safe for use as {@link Load} says.
 *
 * <p>Foreign keys are not looked at while rows come, for these may come in any order and go before
 * others come; all that concern the tables are verified before the commit.
 */
final class RowsLoad implements Load {

  private final Session session;
  private final List<String> tables;
  private final Map<String, String> schemas;
  private final RowLoader loader;

  private RowsLoad(
      Session session, List<String> tables, Map<String, String> schemas, RowLoader loader) {
    this.session = session;
    this.tables = tables;
    this.schemas = schemas;
    this.loader = loader;
  }

  static RowsLoad begin(
      Connections connections, List<Step> steps, LoadOptions options, TargetContext context)
      throws IOException {
    Session session = Session.writing(connections, true);
    try {
      boolean merging = options.mode() == JdbcTarget.Mode.MERGE;
      List<String> tables = new ArrayList<>();
      String someSchema = "";
      for (Step step : steps) {
        if (ObjectKind.of(step) != ObjectKind.ROWS) {
          throw new IOException(step.path() + " holds no rows; this mode restores rows alone");
        }
        String schema = ObjectKind.fact(step, PlanBuilder.SCHEMA);
        schema = options.schemas().getOrDefault(schema, schema);
        String table = ObjectKind.fact(step, PlanBuilder.NAME);
        requireFits(session, step, schema, table, merging, context);
        tables.add(Names.quote(schema, table));
        someSchema = schema;
      }
      boolean local = LocalInfile.isPermitted(session, someSchema);
      if (!context.dryRun()) {
        session.run(
            "Beginning a transaction", "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
        session.run("Beginning a transaction", "START TRANSACTION");
        for (String table : merging ? List.<String>of() : tables) {
          session.run("Emptying " + table, "DELETE FROM " + table);
        }
      }
      RowLoader loader = new RowLoader(local, merging, false, context);
      return new RowsLoad(session, tables, options.schemas(), loader);
    } catch (IOException | RuntimeException failure) {
      try (session) {
        throw failure;
      }
    }
  }

  private static void requireFits(
      Session session,
      Step step,
      String schema,
      String table,
      boolean merging,
      TargetContext context)
      throws IOException {
    String attempted = "Looking at " + schema + "." + table;
    String where =
        " WHERE TABLE_SCHEMA=" + Names.text(schema) + " AND TABLE_NAME=" + Names.text(table);
    List<Row> found =
        session.rows(attempted, "SELECT ENGINE FROM information_schema.TABLES" + where);
    if (found.isEmpty()) {
      throw new IOException(
          schema
              + "."
              + table
              + " does not exist, and this mode makes no tables; restore it without a mode");
    }
    if (!found.get(0).text(1).equalsIgnoreCase("InnoDB")) {
      context.warn(
          step.path(),
          "the table has the engine "
              + found.get(0).text(1)
              + ", which has no transactions: if the restore fails, its rows are not as they were");
    }
    List<String> names = new ArrayList<>();
    for (Row row :
        session.rows(attempted, "SELECT COLUMN_NAME FROM information_schema.COLUMNS" + where)) {
      names.add(row.text(1));
    }
    for (Column column : Column.read(ObjectKind.fact(step, "columns"))) {
      if (!names.contains(column.name())) {
        throw new IOException(
            schema + "." + table + " has no column " + column.name() + ", which the rows have");
      }
    }
    if (merging
        && session
            .rows(
                attempted,
                "SELECT 1 FROM information_schema.STATISTICS" + where + " AND NON_UNIQUE=0 LIMIT 1")
            .isEmpty()) {
      throw new IOException(
          schema
              + "."
              + table
              + " has no unique key to merge by; use mode rows, or restore it elsewhere");
    }
    for (Row trigger :
        session.rows(
            attempted,
            "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA="
                + Names.text(schema)
                + " AND EVENT_OBJECT_TABLE="
                + Names.text(table))) {
      context.warn(
          step.path(),
          "trigger " + trigger.text(1) + " of the table fires for the rows that are restored");
    }
  }

  /** One transaction is one session. */
  @Override
  public int parallelSteps() {
    return 1;
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    String schema = ObjectKind.fact(step, PlanBuilder.SCHEMA);
    loader.load(session, step, schemas.getOrDefault(schema, schema), content, rows);
  }

  @Override
  public void commit() throws IOException {
    verifyReferences();
    session.run("Committing the rows", "COMMIT");
    for (String table : tables) {
      session.rows("Refreshing the statistics of " + table, "ANALYZE TABLE " + table);
    }
  }

  /** A foreign key: its columns and those they refer to. */
  private record Reference(String from, String to, List<String> columns, List<String> referred) {}

  private void verifyReferences() throws IOException {
    Map<String, Reference> references = new LinkedHashMap<>();
    for (Row row :
        session.rows(
            "Asking for foreign keys",
            "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME,"
                + " REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME"
                + " FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL"
                + " ORDER BY 1, 2, 3, ORDINAL_POSITION")) {
      String from = Names.quote(row.text(1), row.text(2));
      String to = Names.quote(row.text(5), row.text(6));
      if (tables.contains(from) || tables.contains(to)) {
        Reference reference =
            references.computeIfAbsent(
                from + "." + Names.quote(row.text(3)),
                name -> new Reference(from, to, new ArrayList<>(), new ArrayList<>()));
        reference.columns().add(Names.quote(row.text(4)));
        reference.referred().add(Names.quote(row.text(7)));
      }
    }
    for (Map.Entry<String, Reference> one : references.entrySet()) {
      verify(one.getKey(), one.getValue());
    }
  }

  private void verify(String name, Reference reference) throws IOException {
    StringBuilder on = new StringBuilder();
    StringBuilder where = new StringBuilder();
    for (int i = 0; i < reference.columns().size(); i++) {
      String column = "a." + reference.columns().get(i);
      on.append(i == 0 ? "" : " AND ").append(column);
      on.append("=b.").append(reference.referred().get(i));
      where.append(column).append(" IS NOT NULL AND ");
    }
    List<Row> orphans =
        session.rows(
            "Verifying the foreign key " + name,
            "SELECT "
                + "a."
                + String.join(", a.", reference.columns())
                + " FROM "
                + reference.from()
                + " a LEFT JOIN "
                + reference.to()
                + " b ON "
                + on
                + " WHERE "
                + where
                + "b."
                + reference.referred().get(0)
                + " IS NULL LIMIT 1");
    if (!orphans.isEmpty()) {
      List<String> values = new ArrayList<>();
      orphans.get(0).values().forEach(value -> values.add(value.orElse("null")));
      throw new IOException(
          "The rows violate the foreign key "
              + name
              + ": nothing in "
              + reference.to()
              + " has "
              + String.join(", ", values)
              + "; restore that table too. Nothing was changed");
    }
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
