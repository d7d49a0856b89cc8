package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the routines, packages, triggers and events of one schema. Used by one thread. */
final class ProgramReader {

  private static final String NAME = "(?:`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|[\\w$\\x80-\\uffff]+)";

  /** A trigger whose name or table is qualified cannot be made in another schema as it is. */
  private static final Pattern QUALIFIED =
      Pattern.compile(
          "(?is)^\\s*CREATE\\b.{0,400}?\\bTRIGGER\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(?:"
              + NAME
              + "\\s*\\.|.{0,1000}?\\bON\\s+"
              + NAME
              + "\\s*\\.\\s*"
              + NAME
              + "\\s+FOR\\s+EACH\\b).*");

  private final Session session;
  private final PlanBuilder plan;
  private final String schema;
  private final EntryPath schemaPath;
  private final Selection selection;

  ProgramReader(
      Session session, PlanBuilder plan, String schema, EntryPath schemaPath, Selection selection) {
    this.session = session;
    this.plan = plan;
    this.schema = schema;
    this.schemaPath = schemaPath;
    this.selection = selection;
  }

  private String schemaText() {
    return Names.text(schema);
  }

  private boolean takes(String name) {
    return selection.takes(new TableName(schema, name));
  }

  /** Functions before procedures, packages before their bodies. */
  void readRoutines() throws IOException {
    for (Row routine :
        session.rows(
            "Listing the routines of " + schema,
            "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA="
                + schemaText()
                + " ORDER BY FIELD(ROUTINE_TYPE,'FUNCTION','PROCEDURE','PACKAGE','PACKAGE BODY'),"
                + " BINARY ROUTINE_NAME")) {
      String name = routine.text(2);
      ObjectKind kind =
          ObjectKind.valueOf(routine.text(1).toUpperCase(Locale.ROOT).replace(' ', '_'));
      Optional<Definition> shown = takes(name) ? show(kind, name, 0) : Optional.empty();
      if (shown.isPresent()) {
        String folder = kind == ObjectKind.PACKAGE_BODY ? "package-bodies" : kind.word() + "s";
        plan.step(Phase.COMPLETION, kind, schema, name, schema, folder, name + ".sql")
            .requires(schemaPath)
            .holding(shown.get());
      }
    }
  }

  /** In the order in which they fire. */
  void readTriggers() throws IOException {
    for (Row trigger :
        session.rows(
            "Listing the triggers of " + schema,
            "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION,"
                + " ACTION_STATEMENT, DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA="
                + schemaText()
                + " ORDER BY BINARY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION,"
                + " ACTION_ORDER")) {
      String name = trigger.text(1);
      TableName table = new TableName(schema, trigger.text(2));
      Optional<Definition> shown =
          selection.takes(table) ? show(ObjectKind.TRIGGER, name, 0) : Optional.empty();
      if (shown.isPresent()) {
        Definition definition = shown.get();
        if (QUALIFIED.matcher(definition.sql()).matches()) {
          definition = new Definition(rebuilt(trigger), definition.settings());
        }
        String folder = table.table();
        plan.step(
                Phase.COMPLETION,
                ObjectKind.TRIGGER,
                schema,
                name,
                schema,
                "tables",
                folder,
                "triggers",
                name + ".sql")
            .of(table)
            .requires(PathNames.path(schema, "tables", folder, "table.sql"))
            .holding(definition);
      }
    }
  }

  private static String rebuilt(Row trigger) {
    String definer = trigger.text(6);
    int at = definer.lastIndexOf('@');
    return "CREATE DEFINER="
        + Names.quote(definer.substring(0, Math.max(0, at)))
        + "@"
        + Names.quote(definer.substring(at + 1))
        + " TRIGGER "
        + Names.quote(trigger.text(1))
        + " "
        + trigger.text(3)
        + " "
        + trigger.text(4)
        + " ON "
        + Names.quote(trigger.text(2))
        + " FOR EACH ROW "
        + trigger.text(5);
  }

  void readEvents() throws IOException {
    for (Row event :
        session.rows(
            "Listing the events of " + schema,
            "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA="
                + schemaText()
                + " ORDER BY BINARY EVENT_NAME")) {
      String name = event.text(1);
      Optional<Definition> shown = takes(name) ? show(ObjectKind.EVENT, name, 1) : Optional.empty();
      if (shown.isPresent()) {
        plan.step(Phase.COMPLETION, ObjectKind.EVENT, schema, name, schema, "events", name + ".sql")
            .requires(schemaPath)
            .holding(shown.get());
      }
    }
  }

  private Optional<Definition> show(ObjectKind kind, String name, int shift) throws IOException {
    String what = kind.sql().toLowerCase(Locale.ROOT) + " " + schema + "." + name;
    Optional<Definition> shown =
        Definition.shown(
            session
                .rows(
                    "Reading the definition of " + what,
                    "SHOW CREATE " + kind.sql() + " " + Names.quote(schema, name))
                .get(0),
            shift);
    if (shown.isEmpty()) {
      plan.leaveOut(
          what
              + ", whose text this user may not see; grant SELECT on mysql.proc (MariaDB) or"
              + " SHOW_ROUTINE (MySQL)");
    }
    return shown;
  }
}
