package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tables that are replaced one by one, while what else their schemas hold stays: what they need and
 * is there is left as it is. All of it happens in the session's transaction. Used by one thread.
 */
final class SingleTables {

  private static final String ASIDE = "varve_tables_";

  private final Connections connections;
  private final Session session;
  private final Catalog catalog;
  private final Set<String> schemas;
  private final List<Step> tables;

  /** Where tables of a schema went. */
  private final Map<String, String> aside = new LinkedHashMap<>();

  private Set<String> there = Set.of();

  /**
   * @param schemas the schemas that are not replaced as a whole
   */
  SingleTables(Connections connections, Session session, Set<String> schemas, List<Step> steps)
      throws SQLException {
    this.connections = connections;
    this.session = session;
    this.catalog = new Catalog(session.connection());
    this.schemas = Set.copyOf(schemas);
    this.tables =
        steps.stream().filter(step -> Planner.kind(step) == Kind.TABLE && isHere(step)).toList();
  }

  private boolean isHere(Step step) {
    return step.table().map(TableName::schema).filter(schemas::contains).isPresent();
  }

  /** Makes the names of the tables free, with those of their indexes, keys and own sequences. */
  void clear() throws SQLException, IOException {
    for (Step step : tables) {
      String name = step.facts().getOrDefault(Planner.NAME, "");
      List<String> bound = bonds(name);
      if (!bound.isEmpty()) {
        throw new IOException(
            name
                + " in "
                + connections
                + " cannot be replaced by itself: "
                + bound.get(0)
                + "; select all of its schema, or choose rows or merge");
      }
      if (exists(name)) {
        String to = place(step.table().orElseThrow().schema());
        session.execute("ALTER TABLE " + name + " SET SCHEMA " + to);
      }
    }
    there = schemas.isEmpty() ? Set.of() : new Existing(connections, session).names();
  }

  /** What a definition of the snapshot does not bring back, or ties several tables together. */
  private List<String> bonds(String name) throws SQLException {
    String table = "to_regclass(" + Sql.literal(name) + ")";
    return catalog.list(
        "SELECT 'it is a part of ' || inhparent::regclass AS bond FROM pg_inherits WHERE inhrelid = "
            + table
            + " UNION ALL SELECT inhrelid::regclass || ' is a part of it' FROM pg_inherits WHERE"
            + " inhparent = "
            + table
            + " UNION ALL SELECT 'publication ' || pubname || ' has it' FROM pg_publication_rel JOIN"
            + " pg_publication p ON p.oid = prpubid WHERE prrelid = "
            + table
            + " ORDER BY 1",
        row -> row.text("bond"));
  }

  private boolean exists(String name) throws SQLException {
    return catalog.first(
        "SELECT to_regclass(" + Sql.literal(name) + ") IS NOT NULL AS there",
        row -> row.is("there"));
  }

  private String place(String schema) throws SQLException {
    String known = aside.get(schema);
    if (known != null) {
      return known;
    }
    int number = 1;
    while (!catalog
        .list("SELECT 1 AS one FROM pg_namespace WHERE nspname = '" + ASIDE + number + "'", r -> 1)
        .isEmpty()) {
      number++;
    }
    session.execute("CREATE SCHEMA " + ASIDE + number);
    aside.put(schema, ASIDE + number);
    return ASIDE + number;
  }

  /** The schemas where tables went that are replaced. */
  List<String> old() {
    return new ArrayList<>(aside.values());
  }

  /** Whether what a step makes is there and stays: no table, but something a table needs. */
  boolean stays(Step step) throws SQLException {
    if (schemas.isEmpty()) {
      return false;
    }
    return switch (Planner.kind(step)) {
      case SCHEMA -> schemas.contains(FreshLoad.unquoted(step)) && Existing.has(session, step);
      case TYPE, DOMAIN, FUNCTION, PROCEDURE, AGGREGATE, SEQUENCE ->
          there.contains(Existing.key(step));
      case SEQUENCE_VALUE ->
          there.contains("relation " + step.facts().getOrDefault(Planner.NAME, ""));
      default -> false;
    };
  }
}
