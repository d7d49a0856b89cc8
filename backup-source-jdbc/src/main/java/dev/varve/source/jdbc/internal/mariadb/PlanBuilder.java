package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Collects what a plan says, and the definitions its steps hold. Used by one thread. */
final class PlanBuilder {

  /** What kind of thing a step makes. */
  static final String KIND = "kind";

  /** Its schema and its name, as the database has them. */
  static final String SCHEMA = "schema";

  static final String NAME = "name";

  private final Map<EntryPath, byte[]> definitions = new HashMap<>();
  private final Map<EntryPath, Table> tables = new HashMap<>();
  private final Map<EntryPath, Step> steps = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  /** A step about one thing, to be completed. */
  final class Adding {

    private final Phase phase;
    private final EntryPath path;
    private final Map<String, String> facts = new TreeMap<>();
    private final List<EntryPath> requires = new ArrayList<>();
    private Optional<TableName> table = Optional.empty();

    private Adding(Phase phase, EntryPath path) {
      this.phase = phase;
      this.path = path;
    }

    Adding fact(String name, String value) {
      facts.put(name, value);
      return this;
    }

    Adding requires(EntryPath other) {
      if (steps.containsKey(other)) {
        requires.add(other);
      }
      return this;
    }

    Adding of(TableName name) {
      table = Optional.of(name);
      return this;
    }

    EntryPath holding(Definition definition) {
      facts.putAll(definition.settings());
      definitions.put(path, (definition.sql() + ";\n").getBytes(StandardCharsets.UTF_8));
      return add();
    }

    EntryPath holding(String definition) {
      return holding(new Definition(definition, Map.of()));
    }

    EntryPath holding(Table rows) {
      tables.put(path, rows);
      return add();
    }

    private EntryPath add() {
      steps.put(path, new Step(phase, path, table, requires, facts));
      return path;
    }
  }

  /** Begins a step that makes something of a schema. */
  Adding step(Phase phase, ObjectKind kind, String schema, String name, String... path) {
    return new Adding(phase, PathNames.path(path))
        .fact(KIND, kind.word())
        .fact(SCHEMA, schema)
        .fact(NAME, name);
  }

  /** Something the dump does not carry. */
  void leaveOut(String sentence) {
    leftOut.add(sentence);
  }

  /** The definition a step holds, empty if it holds rows. */
  Optional<byte[]> definition(EntryPath path) {
    return Optional.ofNullable(definitions.get(path));
  }

  /** The table whose rows a step holds. */
  Optional<Table> table(EntryPath path) {
    return Optional.ofNullable(tables.get(path));
  }

  /** The plan of all that was added, by phases and in the order in which it was added. */
  Plan plan(String dialect, String product, Map<String, String> facts) {
    List<Step> ordered = new ArrayList<>(steps.values());
    ordered.sort(Comparator.comparing(Step::phase));
    return new Plan(dialect, product, facts, ordered, leftOut);
  }
}
