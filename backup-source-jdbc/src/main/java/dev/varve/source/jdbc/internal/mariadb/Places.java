package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Under which names the schemas of a dump are loaded, and will be. Immutable.
 *
 * @param targets what they will be called, by their names in the dump
 * @param workings where they are loaded, by their names in the dump
 * @param whole those of which everything is loaded, by their names in the dump
 * @param tables the tables that are loaded, each as schema, NUL and table
 */
record Places(
    Map<String, String> targets,
    Map<String, String> workings,
    Set<String> whole,
    Set<String> tables) {

  /** Copies. */
  Places {
    targets = Map.copyOf(targets);
    workings = Map.copyOf(workings);
    whole = Set.copyOf(whole);
    tables = Set.copyOf(tables);
  }

  static Places of(Plan plan, List<Step> steps, LoadOptions options) throws IOException {
    Map<String, String> targets = new TreeMap<>();
    Map<String, String> workings = new TreeMap<>();
    Set<String> tables = new HashSet<>();
    for (Step step : steps) {
      ObjectKind kind = ObjectKind.of(step);
      if (!kind.isOfServer()) {
        String schema = ObjectKind.fact(step, PlanBuilder.SCHEMA);
        String target = options.schemas().getOrDefault(schema, schema);
        targets.put(schema, target);
        workings.computeIfAbsent(
            schema,
            s ->
                options.mode() == JdbcTarget.Mode.SWAP ? SchemaLoad.beside(target, "new") : target);
        if (kind == ObjectKind.TABLE || kind == ObjectKind.SEQUENCE) {
          tables.add(schema + "\0" + ObjectKind.fact(step, PlanBuilder.NAME));
        }
      }
    }
    Set<Step> taken = new HashSet<>(steps);
    Set<String> whole = new TreeSet<>(targets.keySet());
    for (Step step : plan.steps()) {
      if (!taken.contains(step) && !ObjectKind.of(step).isOfServer()) {
        whole.remove(ObjectKind.fact(step, PlanBuilder.SCHEMA));
      }
    }
    if (!Boolean.parseBoolean(plan.facts().get("complete"))) {
      whole.clear();
    }
    return new Places(targets, workings, whole, tables);
  }

  /** Whether things are loaded beside those they will replace. */
  boolean isBeside() {
    return !targets.equals(workings);
  }

  /** What a schema of the dump will be called. */
  String target(String schema) {
    return targets.getOrDefault(schema, schema);
  }

  /** Where a schema of the dump is loaded. */
  String working(String schema) {
    return workings.getOrDefault(schema, schema);
  }

  /** One of the places where schemas are loaded; empty if there is none. */
  String anyWorking() {
    return workings.values().stream().findAny().orElse("");
  }

  boolean hasTable(String schema, String table) {
    return tables.contains(schema + "\0" + table);
  }

  /**
   * A definition with the names that schemas have now. The servers write qualified names into the
   * definitions of tables and views; what users wrote into programs stays as it is.
   */
  Definition rewritten(SchemaLoad.Made thing, UnaryOperator<String> place) {
    String sql = thing.definition().sql();
    String schema = place.apply(thing.schema());
    Map<String, String> renamed = new TreeMap<>();
    targets.keySet().stream()
        .filter(name -> !place.apply(name).equals(name))
        .forEach(name -> renamed.put(name, place.apply(name)));
    switch (thing.kind()) {
      case SCHEMA -> {
        String begin = "CREATE DATABASE " + Names.quote(thing.name());
        sql = "CREATE DATABASE " + Names.quote(schema) + sql.substring(begin.length());
      }
      case TABLE -> {
        sql = Names.withSchemas(sql, renamed);
        sql =
            Names.withReferences(
                sql,
                table ->
                    hasTable(thing.schema(), table) || !isBeside() ? "" : target(thing.schema()));
      }
      case VIEW, GRANTS -> sql = Names.withSchemas(sql, renamed);
      default -> sql = thing.definition().sql();
    }
    return new Definition(sql, thing.definition().settings());
  }

  /** Programs may name the schema they were in, which is called otherwise now. */
  void warnOfNames(List<SchemaLoad.Made> made, PluginContext context) {
    for (SchemaLoad.Made thing : made) {
      if (thing.kind().isProgram()) {
        for (Map.Entry<String, String> schema : targets.entrySet()) {
          Pattern name =
              Pattern.compile(
                  "(?<![\\w$`.])`?" + Pattern.quote(schema.getKey()) + "`?\\s*\\.\\s*[\\w`]");
          if (!schema.getKey().equals(schema.getValue())
              && name.matcher(thing.definition().sql()).find()) {
            context.warn(
                thing.step().path(),
                "names schema "
                    + schema.getKey()
                    + ", which was restored as "
                    + schema.getValue()
                    + "; its text is as it was");
          }
        }
      }
    }
  }
}
