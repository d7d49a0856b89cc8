package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Puts what was loaded beside into the place of what exists: all tables by one statement, which
 * does all or nothing, then views, routines, triggers and events. Each step is taken back if a
 * later one fails. Used by one thread.
 *
 * <p>A table with triggers cannot move to another schema, so for a moment there are no triggers.
 */
final class Swap {

  private final Session session;
  private final Places places;
  private final List<SchemaLoad.Made> made;
  private final Undo undo;
  private final Definer definer;
  private final Map<String, String> attics = new LinkedHashMap<>();

  Swap(
      Session session,
      Places places,
      List<SchemaLoad.Made> made,
      Undo undo,
      PluginContext context) {
    this.session = session;
    this.places = places;
    this.made = made;
    this.undo = undo;
    this.definer = new Definer(session, context);
  }

  /**
   * Looks whether the tables that exist can be replaced.
   *
   * @throws IOException if tables that stay refer to some that would go
   */
  static void requirePossible(Session session, Places places, List<Step> steps) throws IOException {
    Set<String> going = new HashSet<>();
    Set<String> whole = new HashSet<>();
    for (Step step : steps) {
      if (ObjectKind.of(step) == ObjectKind.TABLE) {
        String schema = places.target(ObjectKind.fact(step, PlanBuilder.SCHEMA));
        going.add(Names.quote(schema, ObjectKind.fact(step, PlanBuilder.NAME)));
      }
    }
    places.whole().forEach(schema -> whole.add(places.target(schema)));
    for (Row row :
        session.rows(
            "Asking which tables refer to others",
            "SELECT TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME FROM"
                + " information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL")) {
      String from = Names.quote(row.text(1), row.text(2));
      String to = Names.quote(row.text(3), row.text(4));
      boolean goes = going.contains(to) || whole.contains(row.text(3));
      if (goes && !going.contains(from) && !whole.contains(row.text(1))) {
        throw new IOException(
            "Table "
                + to
                + " cannot be replaced, for a foreign key of "
                + from
                + ", which is not restored, refers to it; restore both, or use mode rows");
      }
    }
  }

  /** Does it; returns the tables that are new in their places. */
  List<String> run() throws IOException {
    Map<String, Live> live = new LinkedHashMap<>();
    for (String schema : places.targets().keySet()) {
      String target = places.target(schema);
      Live found = Live.of(session, target);
      live.put(schema, found);
      makeSchema(schema, found);
      String attic = SchemaLoad.beside(target, "old");
      attics.put(schema, attic);
      undo.add("DROP DATABASE IF EXISTS " + Names.quote(attic));
      session.run("Making " + attic, "CREATE DATABASE " + Names.quote(attic));
    }
    List<String> moved = new ArrayList<>();
    StringJoiner moves = new StringJoiner(", ", "RENAME TABLE ", "").setEmptyValue("");
    StringJoiner back = new StringJoiner(", ", "RENAME TABLE ", "").setEmptyValue("");
    List<String> undone = new ArrayList<>();
    for (Map.Entry<String, Live> schema : live.entrySet()) {
      clearAway(schema.getKey(), schema.getValue());
      for (String table : goingTables(schema.getKey(), schema.getValue())) {
        String from = Names.quote(places.target(schema.getKey()), table);
        String to = Names.quote(attics.getOrDefault(schema.getKey(), ""), table);
        moves.add(from + " TO " + to);
        undone.add(0, to + " TO " + from);
      }
    }
    for (SchemaLoad.Made thing : made) {
      if (thing.kind() == ObjectKind.TABLE || thing.kind() == ObjectKind.SEQUENCE) {
        String from = Names.quote(places.working(thing.schema()), thing.name());
        String to = Names.quote(places.target(thing.schema()), thing.name());
        moves.add(from + " TO " + to);
        undone.add(0, to + " TO " + from);
        if (thing.kind() == ObjectKind.TABLE) {
          moved.add(to);
        }
      }
    }
    undone.forEach(back::add);
    if (moves.length() > 0) {
      session.run("Putting the new tables into their places", moves.toString());
      undo.add(back.toString());
    }
    for (SchemaLoad.Made thing : made) {
      finish(thing);
    }
    dropBeside();
    return moved;
  }

  private void makeSchema(String schema, Live found) throws IOException {
    for (SchemaLoad.Made thing : made) {
      if (thing.kind() == ObjectKind.SCHEMA && thing.schema().equals(schema)) {
        String target = places.target(schema);
        String sql = places.rewritten(thing, places::target).sql();
        String attempted = "Making schema " + target;
        if (!found.exists()) {
          undo.add("DROP DATABASE IF EXISTS " + Names.quote(target));
          session.run(attempted, sql);
        } else if (places.whole().contains(schema)) {
          Row before =
              session
                  .rows(
                      attempted,
                      "SELECT DEFAULT_CHARACTER_SET_NAME,"
                          + " DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME="
                          + Names.text(target))
                  .get(0);
          undo.add(
              "ALTER DATABASE "
                  + Names.quote(target)
                  + " CHARACTER SET "
                  + before.text(1)
                  + " COLLATE "
                  + before.text(2));
          session.run(attempted, sql.replaceFirst("^CREATE", "ALTER"));
        }
      }
    }
  }

  /** The tables and sequences that exist and go. */
  private List<String> goingTables(String schema, Live live) {
    List<String> going = new ArrayList<>(live.all(ObjectKind.TABLE));
    going.addAll(live.all(ObjectKind.SEQUENCE));
    if (!places.whole().contains(schema)) {
      going.removeIf(table -> !places.hasTable(schema, table));
    }
    return going;
  }

  /** Takes away what stands in the way, of new things or of moving, and can be made again. */
  private void clearAway(String schema, Live live) throws IOException {
    boolean whole = places.whole().contains(schema);
    Set<String> tables = new HashSet<>(goingTables(schema, live));
    for (Row trigger :
        session.rows(
            "Listing triggers",
            "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE"
                + " TRIGGER_SCHEMA="
                + Names.text(live.schema())
                + " ORDER BY EVENT_OBJECT_TABLE, ACTION_ORDER DESC")) {
      if (tables.contains(trigger.text(2))) {
        takeAway(ObjectKind.TRIGGER, live.schema(), trigger.text(1));
      }
    }
    for (ObjectKind kind :
        List.of(
            ObjectKind.EVENT,
            ObjectKind.VIEW,
            ObjectKind.PACKAGE_BODY,
            ObjectKind.PACKAGE,
            ObjectKind.PROCEDURE,
            ObjectKind.FUNCTION)) {
      for (String name : live.all(kind)) {
        if (whole || isMade(kind, schema, name)) {
          takeAway(kind, live.schema(), name);
        }
      }
    }
    for (SchemaLoad.Made thing : made) {
      if (thing.kind() == ObjectKind.TRIGGER && thing.schema().equals(schema)) {
        session.run(
            "Taking the triggers off the new tables",
            "DROP TRIGGER IF EXISTS " + Names.quote(places.working(schema), thing.name()));
      }
    }
  }

  private boolean isMade(ObjectKind kind, String schema, String name) {
    return made.stream()
        .anyMatch(t -> t.kind() == kind && t.schema().equals(schema) && t.name().equals(name));
  }

  private void takeAway(ObjectKind kind, String schema, String name) throws IOException {
    String quoted = Names.quote(schema, name);
    String what = kind.word() + " " + schema + "." + name;
    String attempted = "Taking away the " + what;
    session.run(attempted, "USE " + Names.quote(schema));
    Row shown = session.rows(attempted, "SHOW CREATE " + kind.sql() + " " + quoted).get(0);
    Definition before =
        kind == ObjectKind.VIEW
            ? Definition.ofView(shown)
            : Definition.shown(shown, kind == ObjectKind.EVENT ? 1 : 0)
                .orElseThrow(
                    () ->
                        new IOException(
                            "The " + what + " cannot be replaced: this user may not see its text"));
    undo.add(
        "make the " + what + " again",
        again -> new Definer(again, NO_WARNINGS).run(before, schema));
    session.run(attempted, "DROP " + kind.sql() + " " + quoted);
  }

  /** Makes what could not be moved. */
  private void finish(SchemaLoad.Made thing) throws IOException {
    String schema = places.target(thing.schema());
    String attempted = "Making " + thing.kind().word() + " " + schema + "." + thing.name();
    switch (thing.kind()) {
      case TABLE -> setDefaults(thing, schema, attempted);
      case PROCEDURE, FUNCTION, PACKAGE, PACKAGE_BODY, VIEW, TRIGGER, EVENT -> {
        undo.add("DROP " + thing.kind().sql() + " IF EXISTS " + Names.quote(schema, thing.name()));
        definer.run(attempted, places.rewritten(thing, places::target), schema);
      }
      default -> definer.run(attempted, new Definition("DO 0", Map.of()), schema);
    }
  }

  /** Defaults that take from a sequence name its schema, and do not follow when it moves. */
  private void setDefaults(SchemaLoad.Made thing, String schema, String attempted)
      throws IOException {
    for (String line : thing.definition().sql().split("\n", -1)) {
      int at = line.indexOf(" DEFAULT nextval(");
      int end = at < 0 ? -1 : line.indexOf(')', at);
      if (end > 0 && line.startsWith("  `")) {
        String column = Names.quote(Names.mentioned(line).iterator().next());
        String value = line.substring(at, end + 1);
        String sql =
            "ALTER TABLE "
                + Names.quote(schema, thing.name())
                + " ALTER COLUMN "
                + column
                + " SET"
                + value;
        Definition change = new Definition(sql, Map.of());
        SchemaLoad.Made asTable =
            new SchemaLoad.Made(
                ObjectKind.VIEW, thing.schema(), thing.name(), thing.step(), change);
        definer.run(attempted, places.rewritten(asTable, places::target), schema);
      }
    }
  }

  private void dropBeside() throws IOException {
    undo.forget();
    for (String schema : places.targets().keySet()) {
      for (String beside : List.of(attics.getOrDefault(schema, ""), places.working(schema))) {
        session.run(
            "Dropping " + beside + ", which holds what was replaced and can be dropped by hand",
            "DROP DATABASE IF EXISTS " + Names.quote(beside));
      }
    }
  }

  private static final PluginContext NO_WARNINGS = new SilentContext();
}
