package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which schema lies where while others are loaded under their names. All of it happens in the
 * session's transaction. Used by one thread.
 */
final class Places {

  private static final String ASIDE = "varve_aside_";

  private final Connections connections;
  private final Session session;
  private final Catalog catalog;
  private final boolean swap;
  private final Map<String, String> renames;

  /** The schemas that are loaded, by the names they have in the dump. */
  private final Set<String> loaded = new LinkedHashSet<>();

  /** Where what had a name went, by that name. */
  private final Map<String, String> aside = new LinkedHashMap<>();

  private final SingleTables tables;

  /** Extensions that went along, with the names of the schemas they came from. */
  private final Map<String, String> moved = new LinkedHashMap<>();

  Places(Connections connections, Session session, Plan plan, List<Step> steps, LoadOptions options)
      throws SQLException, IOException {
    this.connections = connections;
    this.session = session;
    this.catalog = new Catalog(session.connection());
    this.swap = options.mode() == JdbcTarget.Mode.SWAP;
    this.renames = options.schemas();
    for (Step step : steps) {
      if (Planner.kind(step) == Kind.SCHEMA) {
        loaded.add(FreshLoad.unquoted(step));
      }
    }
    Set<String> partial = swap ? partial(plan, steps) : Set.of();
    loaded.removeAll(partial);
    this.tables = new SingleTables(connections, session, partial, steps);
    requireFree(steps);
  }

  /** The schemas of which something would be lost if they were replaced as a whole. */
  private Set<String> partial(Plan plan, List<Step> steps) throws SQLException, IOException {
    Set<String> taken =
        steps.stream().map(step -> step.path().toString()).collect(Collectors.toSet());
    Set<String> partial = new LinkedHashSet<>();
    for (Step step : steps) {
      if (Planner.kind(step) != Kind.SCHEMA) {
        continue;
      }
      String schema = FreshLoad.unquoted(step);
      String start = step.path().toString().replaceAll("schema\\.sql$", "");
      boolean selected =
          plan.steps().stream()
              .filter(other -> Planner.kind(other).words().length() > 0)
              .map(other -> other.path().toString())
              .allMatch(path -> !path.startsWith(start) || taken.contains(path));
      boolean complete = !"false".equals(plan.facts().get("complete"));
      if (!selected || !(complete || isAllOf(schema, steps))) {
        if (!finalName(schema).equals(schema)) {
          throw new IOException(
              "Swapping puts whole schemas under another name into the place of those that are in "
                  + connections
                  + "; select all of "
                  + schema
                  + ", or choose rows or merge for single tables");
        }
        partial.add(schema);
      }
    }
    return partial;
  }

  /** Whether these make all tables and views that a schema has. */
  private boolean isAllOf(String schema, List<Step> steps) throws SQLException {
    Set<String> made =
        steps.stream()
            .map(step -> step.facts().getOrDefault(Planner.NAME, ""))
            .collect(Collectors.toSet());
    return made.containsAll(
        catalog.list(
            "SELECT quote_ident(nspname) || '.' || quote_ident(relname) AS name FROM pg_class c JOIN"
                + " pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
                + " AND nspname = "
                + Sql.literal(schema),
            row -> row.text("name")));
  }

  private String finalName(String schema) {
    return renames.getOrDefault(schema, schema);
  }

  private void requireFree(List<Step> steps) throws SQLException, IOException {
    if (swap) {
      return;
    }
    for (String schema : loaded) {
      String name = finalName(schema);
      if (!name.equals(schema) && exists(name)) {
        throw new FileAlreadyExistsException(
            connections.toString(),
            null,
            "schema " + name + " exists; choose another name, or swap");
      }
    }
    List<Step> unnamed =
        steps.stream()
            .filter(step -> renames.keySet().stream().noneMatch(s -> isIn(step, s)))
            .toList();
    new Existing(connections, session).requireNothing(unnamed);
  }

  private static boolean isIn(Step step, String schema) {
    String name = step.facts().getOrDefault(Planner.NAME, "");
    return name.startsWith(schema + ".") || name.startsWith(Sql.identifier(schema) + ".");
  }

  private boolean exists(String schema) throws SQLException {
    return !catalog
        .list("SELECT 1 AS one FROM pg_namespace WHERE nspname = " + Sql.literal(schema), row -> 1)
        .isEmpty();
  }

  /** Whether a step is not taken, because what it makes is there and stays. */
  boolean stays(Step step) throws SQLException {
    return tables.stays(step);
  }

  /** Makes the names free that will be loaded. */
  void clear() throws SQLException, IOException {
    tables.clear();
    requireNoDependents(tables.old());
    for (String schema : loaded) {
      boolean inTheWay = swap || !finalName(schema).equals(schema);
      if (inTheWay && exists(schema)) {
        putAside(schema);
      }
    }
  }

  private void putAside(String schema) throws SQLException {
    int number = aside.size() + 1;
    while (exists(ASIDE + number)) {
      number++;
    }
    rename(schema, ASIDE + number);
    aside.put(schema, ASIDE + number);
  }

  private void rename(String from, String to) throws SQLException {
    session.execute("ALTER SCHEMA " + Sql.identifier(from) + " RENAME TO " + Sql.identifier(to));
  }

  /** The schema that every database begins with gets what it has there, if it was made anew. */
  void makeCommon() throws SQLException {
    if (!aside.containsKey("public")) {
      return;
    }
    if (catalog.version() >= 15) {
      session.execute("ALTER SCHEMA public OWNER TO pg_database_owner");
    }
    session.execute(
        "GRANT "
            + catalog.since(15, "USAGE", "ALL")
            + " ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard public schema'");
  }

  /**
   * An extension can be there only once: where it went aside with its schema, it comes over to the
   * new one. Whether it did; otherwise it is to be made.
   */
  boolean moveExtension(String name, String schema) throws SQLException {
    List<String> lies =
        catalog.list(
            "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
                + " WHERE quote_ident(extname) = "
                + Sql.literal(name),
            row -> row.text("nspname"));
    if (lies.isEmpty() || !aside.containsValue(lies.get(0))) {
      return false;
    }
    session.execute("ALTER EXTENSION " + name + " SET SCHEMA " + schema);
    aside.forEach(
        (from, now) -> {
          if (now.equals(lies.get(0))) {
            moved.put(name, from);
          }
        });
    return true;
  }

  /** Gives every schema its place, and drops what was replaced. */
  void settle() throws SQLException, IOException {
    List<String> old = new ArrayList<>();
    for (String schema : loaded) {
      String name = finalName(schema);
      if (name.equals(schema)) {
        continue;
      }
      if (exists(name)) {
        putAside(name);
        old.add(aside.getOrDefault(name, ""));
      }
      rename(schema, name);
      String before = aside.getOrDefault(schema, "");
      if (!before.isEmpty()) {
        rename(before, schema);
        aside.remove(schema);
        giveBack(schema);
      }
    }
    if (swap) {
      old = new ArrayList<>(aside.values());
      old.addAll(tables.old());
    }
    requireNoDependents(old);
    for (String schema : old) {
      session.execute("DROP SCHEMA " + Sql.identifier(schema) + " CASCADE");
    }
  }

  private void giveBack(String schema) throws SQLException {
    for (Map.Entry<String, String> extension : moved.entrySet()) {
      if (extension.getValue().equals(schema)) {
        session.execute(
            "ALTER EXTENSION " + extension.getKey() + " SET SCHEMA " + Sql.identifier(schema));
      }
    }
  }

  /** What lies elsewhere and needs what will be dropped would be dropped too. */
  private void requireNoDependents(List<String> old) throws SQLException, IOException {
    if (old.isEmpty()) {
      return;
    }
    String names = old.stream().map(Sql::literal).collect(Collectors.joining(", "));
    String schemaOf =
        "coalesce((pg_identify_object(%1$s)).schema,"
            + " (pg_identify_object_as_address(%1$s)).object_names[1])";
    String needed = String.format(schemaOf, "d.refclassid, d.refobjid, 0");
    String needing = String.format(schemaOf, "d.classid, d.objid, 0");
    List<String> dependents =
        catalog.list(
            "SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name FROM"
                + " pg_depend d WHERE d.deptype IN ('n', 'a') AND d.refobjid >= 16384"
                + " AND d.refclassid <> 'pg_namespace'::regclass AND d.objid >= 16384 AND "
                + unquote(needed)
                + " IN ("
                + names
                + ") AND "
                + unquote(needing)
                + " NOT IN ("
                + names
                + ") ORDER BY 1",
            row -> row.text("name"));
    if (!dependents.isEmpty()) {
      throw new IOException(
          "What would be replaced in "
              + connections
              + " is needed elsewhere: "
              + Existing.named(dependents)
              + "; restore that too, drop it first, or choose rows or merge; nothing is changed");
    }
  }

  private static String unquote(String expression) {
    return "trim(BOTH '\"' FROM " + expression + ")";
  }
}
