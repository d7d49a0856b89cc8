package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what there is to dump and puts it into a plan. Used by one thread. */
final class Inventory {

  private static final String SYSTEM_SCHEMAS =
      "('information_schema','performance_schema','mysql','sys')";

  /** A schema that nobody has: who takes it has named none to take. */
  private static final String NO_SCHEMA = "\u0000";

  private final Session session;
  private final DumpOptions options;
  private final PluginContext context;
  private final PlanBuilder plan = new PlanBuilder();

  Inventory(Session session, DumpOptions options, PluginContext context) {
    this.session = session;
    this.options = options;
    this.context = context;
  }

  /** Reads everything that is selected. */
  PlanBuilder read() throws IOException {
    Accounts accounts = new Accounts(session, plan);
    if (options.roles()) {
      accounts.readUsers();
    }
    List<String> schemas = schemas(session, options.selection());
    for (String schema : schemas) {
      readSchema(schema);
    }
    if (options.roles()) {
      accounts.readGrants();
    } else {
      plan.leaveOut("users, roles and their privileges; option 'roles' carries them");
    }
    if (options.selection().isEverything()) {
      nameLoadableFunctions();
    }
    return plan;
  }

  /**
   * The selected schemas: if the connection is in one and none are named, only that one, as a URL
   * with a database says.
   */
  static List<String> schemas(Session session, Selection selection) throws IOException {
    Optional<String> current =
        session.schema().filter(s -> selection.takesSchema(NO_SCHEMA) && selection.takesSchema(s));
    List<String> schemas = new ArrayList<>();
    for (Row row :
        session.rows(
            "Listing the schemas",
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN "
                + SYSTEM_SCHEMAS
                + " ORDER BY BINARY SCHEMA_NAME")) {
      String schema = row.text(1);
      if (current.isPresent() ? current.get().equals(schema) : selection.takesSchema(schema)) {
        schemas.add(schema);
      }
    }
    if (schemas.isEmpty()) {
      throw new IOException(
          "There is no schema to back up that this user may see and that is selected; grant SELECT,"
              + " or check the patterns");
    }
    return schemas;
  }

  private void readSchema(String schema) throws IOException {
    String attempted = "Reading the definition of schema " + schema;
    session.run(attempted, "USE " + Names.quote(schema));
    EntryPath schemaPath = addSchema(schema, attempted);
    TableReader reader = new TableReader(session, schema);
    List<TableReader.Listed> listed =
        reader.listed().stream()
            .filter(t -> options.selection().takes(new TableName(schema, t.name())))
            .toList();
    for (TableReader.Listed one : listed) {
      if (one.isSequence()) {
        addSequence(schema, one.name());
      }
    }
    for (TableReader.Listed one : listed) {
      if (one.isTable()) {
        addTable(schema, reader, one);
      } else if (!one.isView() && !one.isSequence()) {
        plan.leaveOut(one.type().toLowerCase(Locale.ROOT) + " " + schema + "." + one.name());
      }
    }
    ProgramReader programs =
        new ProgramReader(session, plan, schema, schemaPath, options.selection());
    programs.readRoutines();
    new ViewReader(session, plan, schema, schemaPath)
        .read(listed.stream().filter(t -> t.isView()).map(TableReader.Listed::name).toList());
    programs.readTriggers();
    programs.readEvents();
    nameHidden(schema);
  }

  private EntryPath addSchema(String schema, String attempted) throws IOException {
    String comment = session.server().mariaDb() ? "SCHEMA_COMMENT" : "''";
    Row row =
        session
            .rows(
                attempted,
                "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, "
                    + comment
                    + " FROM information_schema.SCHEMATA WHERE SCHEMA_NAME="
                    + Names.text(schema))
            .get(0);
    String sql =
        "CREATE DATABASE "
            + Names.quote(schema)
            + " CHARACTER SET "
            + row.text(1)
            + " COLLATE "
            + row.text(2)
            + (row.text(3).isEmpty() ? "" : " COMMENT " + Names.text(row.text(3)));
    return plan.step(Phase.DEFINITION, ObjectKind.SCHEMA, schema, schema, schema, "schema.sql")
        .holding(sql);
  }

  private void addSequence(String schema, String name) throws IOException {
    String attempted = "Reading the definition of sequence " + schema + "." + name;
    String quoted = Names.quote(schema, name);
    Row definition = session.rows(attempted, "SHOW CREATE SEQUENCE " + quoted).get(0);
    Row value =
        session.rows(attempted, "SELECT next_not_cached_value, cycle_count FROM " + quoted).get(0);
    plan.step(
            Phase.DEFINITION, ObjectKind.SEQUENCE, schema, name, schema, "sequences", name + ".sql")
        .of(new TableName(schema, name))
        .requires(schemaPath(schema))
        .fact("next", value.text(1))
        .fact("cycle", value.text(2))
        .holding(definition.text(2));
  }

  private EntryPath schemaPath(String schema) {
    return PathNames.path(schema, "schema.sql");
  }

  private void addTable(String schema, TableReader reader, TableReader.Listed listed)
      throws IOException {
    String name = listed.name();
    String what = "table " + schema + "." + name;
    String sql =
        session
            .rows(
                "Reading the definition of " + what,
                "SHOW CREATE TABLE " + Names.quote(schema, name))
            .get(0)
            .text(2);
    TableName tableName = new TableName(schema, name);
    PlanBuilder.Adding definition =
        plan.step(
                Phase.DEFINITION,
                ObjectKind.TABLE,
                schema,
                name,
                schema,
                "tables",
                name,
                "table.sql")
            .of(tableName)
            .requires(schemaPath(schema));
    for (String other : Names.mentioned(sql)) {
      definition.requires(PathNames.path(schema, "sequences", other + ".sql"));
    }
    EntryPath path = definition.fact("engine", listed.engine()).holding(sql);
    if (listed.hasRowsElsewhere()) {
      plan.leaveOut("rows of " + what + ", which are held elsewhere (" + listed.engine() + ")");
      return;
    }
    if (listed.isVersioned()) {
      plan.leaveOut("history of " + what + ", which is system-versioned: its rows of today alone");
    }
    if (!listed.isTransactional()) {
      String said =
          "that rows of "
              + what
              + " ("
              + listed.engine()
              + ", which has no transactions) are of the instant of all others: they are as they"
              + " were when they were read";
      plan.leaveOut(said);
      context.warn("Not carried: " + said);
    }
    Table table = reader.table(listed);
    plan.step(Phase.ROWS, ObjectKind.ROWS, schema, name, schema, "tables", name, "rows")
        .of(tableName)
        .requires(path)
        .fact("columns", Column.write(table.columns()))
        .fact("engine", listed.engine())
        .holding(table);
  }

  /** What the server shows only to those who may, it hides from others without a word. */
  private void nameHidden(String schema) throws IOException {
    for (String missing : new Rights(session).missing(schema)) {
      plan.leaveOut(
          missing.toLowerCase(Locale.ROOT)
              + "s of "
              + schema
              + ", if there are any that this user cannot see: it lacks the right "
              + missing);
      context.warn("This user lacks the right " + missing + " on " + schema + "; grant it");
    }
  }

  private void nameLoadableFunctions() throws IOException {
    if (new Rights(session).has("SELECT", "mysql")) {
      for (Row row :
          session.rows("Listing loadable functions", "SELECT name, dl FROM mysql.func")) {
        plan.leaveOut("loadable function " + row.text(1) + " of " + row.text(2));
      }
    }
  }
}
