package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes schemas with all that is in them: where they are to be, or beside and then by {@link Swap}.
 * Safe for use as {@link Load} says.
 */
final class SchemaLoad implements Load {

  private final LoadSessions sessions;
  private final Undo undo;
  private final LoadOptions options;
  private final TargetContext context;
  private final Places places;
  private final boolean local;
  private final Session main;
  private final Definer definer;
  private final List<Made> made = new ArrayList<>();
  private final Map<EntryPath, SQLException> waiting = new LinkedHashMap<>();
  private boolean committed;

  /** A thing and the definition it was made by. */
  record Made(ObjectKind kind, String schema, String name, Step step, Definition definition) {}

  private SchemaLoad(
      LoadSessions sessions,
      Undo undo,
      LoadOptions options,
      TargetContext context,
      Places places,
      Session main,
      boolean local) {
    this.sessions = sessions;
    this.undo = undo;
    this.options = options;
    this.context = context;
    this.places = places;
    this.main = main;
    this.local = local;
    this.definer = new Definer(main, context);
    // While rows come it is one like the others; before and after, nobody else is at work.
    sessions.give(main);
  }

  static SchemaLoad begin(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws IOException {
    LoadSessions sessions = new LoadSessions(connections);
    try {
      Session main = sessions.take();
      Places places = Places.of(plan, steps, options);
      if (places.isBeside()) {
        Swap.requirePossible(main, places, steps);
      } else {
        requireNothingThere(main, places, steps);
      }
      boolean local = LocalInfile.isPermitted(main, places.anyWorking());
      return new SchemaLoad(sessions, new Undo(connections), options, context, places, main, local);
    } catch (IOException | RuntimeException failure) {
      try (sessions) {
        throw failure;
      }
    }
  }

  private static void requireNothingThere(Session session, Places places, List<Step> steps)
      throws IOException {
    Map<String, Live> live = new HashMap<>();
    List<String> there = new ArrayList<>();
    for (Step step : steps) {
      ObjectKind kind = ObjectKind.of(step);
      if (kind != ObjectKind.SCHEMA && kind != ObjectKind.ROWS && !kind.isOfServer()) {
        String schema = places.target(ObjectKind.fact(step, PlanBuilder.SCHEMA));
        Live found = live.get(schema);
        if (found == null) {
          found = Live.of(session, schema);
          live.put(schema, found);
        }
        String name = ObjectKind.fact(step, PlanBuilder.NAME);
        if (found.has(kind, name)) {
          there.add(kind.word() + " " + schema + "." + name);
        }
      }
    }
    if (!there.isEmpty()) {
      throw new IOException(
          String.join(", ", there.subList(0, Math.min(5, there.size())))
              + (there.size() > 5 ? " and " + (there.size() - 5) + " more things" : "")
              + " exist; restore into another schema, or with mode swap to replace them, or rows or"
              + " merge to fill them");
    }
  }

  @Override
  public int parallelSteps() {
    return options.connections();
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    ObjectKind kind = ObjectKind.of(step);
    String schema = ObjectKind.fact(step, PlanBuilder.SCHEMA);
    if (kind == ObjectKind.ROWS) {
      Session session = sessions.take();
      new RowLoader(local, false, true, context)
          .load(session, step, places.working(schema), content, rows);
      sessions.give(session);
      return;
    }
    String sql = new String(content.readAllBytes(), StandardCharsets.UTF_8);
    if (!sql.endsWith(";\n")) {
      throw new IOException(step.path() + " is not a definition");
    }
    if (!options.owners() && !kind.isOfServer()) {
      sql = Names.withoutDefiner(sql);
    }
    Definition definition = new Definition(sql.substring(0, sql.length() - 2), settings(step));
    String name = ObjectKind.fact(step, PlanBuilder.NAME);
    Made thing = new Made(kind, schema, name, step, definition);
    made.add(thing);
    if (!kind.isOfServer() && kind != ObjectKind.EVENT) {
      make(thing);
    }
  }

  private static Map<String, String> settings(Step step) {
    Map<String, String> settings = new TreeMap<>(step.facts());
    settings
        .keySet()
        .retainAll(
            List.of(
                Definition.SQL_MODE,
                Definition.CLIENT,
                Definition.COLLATION,
                Definition.SCHEMA_COLLATION,
                Definition.TIME_ZONE));
    return settings;
  }

  private void make(Made thing) throws IOException {
    String schema = places.working(thing.schema());
    String attempted =
        "Making "
            + thing.kind().word()
            + " "
            + schema
            + "."
            + thing.name()
            + " ("
            + thing.step().path()
            + ")";
    try {
      switch (thing.kind()) {
        case SCHEMA -> makeSchema(thing, schema);
        case TABLE, SEQUENCE -> {
          undo.add("DROP TABLE IF EXISTS " + Names.quote(schema, thing.name()));
          definer.run(places.rewritten(thing, places::working), schema);
          if (thing.kind() == ObjectKind.SEQUENCE) {
            main.run(setValue(thing, schema));
          }
        }
        default -> {
          undo.add(
              "DROP " + thing.kind().sql() + " IF EXISTS " + Names.quote(schema, thing.name()));
          definer.run(places.rewritten(thing, places::working), schema);
          if (thing.kind() == ObjectKind.VIEW || thing.kind() == ObjectKind.FUNCTION) {
            makeWaiting();
          }
        }
      }
    } catch (SQLException failure) {
      if (thing.kind() != ObjectKind.VIEW || !Faults.isMissing(failure)) {
        throw Faults.of(attempted, failure);
      }
      waiting.put(thing.step().path(), failure);
    }
  }

  /** Views that needed something are tried again whenever something more is there. */
  private void makeWaiting() {
    boolean more = !waiting.isEmpty();
    while (more) {
      more = false;
      for (Made thing : List.copyOf(made)) {
        if (waiting.containsKey(thing.step().path())) {
          try {
            definer.run(places.rewritten(thing, places::working), places.working(thing.schema()));
            waiting.remove(thing.step().path());
            more = true;
          } catch (SQLException still) {
            waiting.put(thing.step().path(), still);
          }
        }
      }
    }
  }

  private void makeSchema(Made thing, String schema) throws SQLException, IOException {
    if (!Live.of(main, schema).exists()) {
      undo.add("DROP DATABASE IF EXISTS " + Names.quote(schema));
      main.run(places.rewritten(thing, places::working).sql());
    }
  }

  static String setValue(Made thing, String schema) {
    String cycle = thing.step().facts().getOrDefault("cycle", "0");
    return "DO SETVAL("
        + Names.quote(schema, thing.name())
        + ","
        + thing.step().facts().getOrDefault("next", "1")
        + ",0"
        + (cycle.equals("0") ? ")" : "," + cycle + ")");
  }

  @Override
  public void commit() throws IOException {
    makeWaiting();
    for (Map.Entry<EntryPath, SQLException> view : waiting.entrySet()) {
      throw Faults.of("Making the view " + view.getKey(), view.getValue());
    }
    List<String> analyzed;
    if (options.roles()) {
      runAll(ObjectKind.USERS);
    }
    if (places.isBeside()) {
      analyzed = new Swap(main, places, made, undo, context).run();
    } else {
      analyzed = new ArrayList<>();
      for (Made thing : made) {
        String schema = places.target(thing.schema());
        if (thing.kind() == ObjectKind.EVENT) {
          undo.add("DROP EVENT IF EXISTS " + Names.quote(schema, thing.name()));
          definer.run(
              "Making event " + thing.name(), places.rewritten(thing, places::target), schema);
        } else if (thing.kind() == ObjectKind.TABLE) {
          analyzed.add(Names.quote(schema, thing.name()));
        }
      }
    }
    if (options.roles()) {
      runAll(ObjectKind.GRANTS);
    }
    committed = true;
    undo.forget();
    places.warnOfNames(made, context);
    for (String table : analyzed) {
      main.rows("Refreshing the statistics of " + table, "ANALYZE TABLE " + table);
    }
  }

  private void runAll(ObjectKind kind) throws IOException {
    for (Made thing : made) {
      if (thing.kind() == kind) {
        String statements = places.rewritten(thing, places::target).sql();
        for (String statement : statements.split(";\n", -1)) {
          if (kind == ObjectKind.USERS) {
            main.run("Making users and roles", statement);
          } else {
            grant(thing, statement);
          }
        }
      }
    }
  }

  /** Nobody can grant what he does not hold; the rest is granted. */
  private void grant(Made thing, String statement) throws IOException {
    try {
      main.run(statement);
    } catch (SQLException refused) {
      IOException told = Faults.of("'" + statement + "'", refused);
      if (Faults.isLost(refused)) {
        throw told;
      }
      context.warn(thing.step().path(), String.valueOf(told.getMessage()));
    }
  }

  @Override
  public void cancel() {
    sessions.cancel();
  }

  @Override
  public void close() throws IOException {
    try (sessions) {
      if (!committed) {
        sessions.cancel();
      }
    } finally {
      undo.run();
    }
  }

  /** A name beside which nothing is. */
  static String beside(String schema, String what) {
    String random =
        Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36 * 36 * 36), 36);
    return schema.substring(0, Math.min(40, schema.length())) + "_varve_" + what + "_" + random;
  }
}
