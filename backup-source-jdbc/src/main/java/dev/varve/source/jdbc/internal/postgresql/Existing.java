package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks at a database before something is loaded into it. Used by one thread. */
final class Existing {

  private static final int MOST_NAMED = 10;

  private final Connections connections;
  private final Catalog catalog;

  Existing(Connections connections, Session session) throws SQLException {
    this.connections = connections;
    this.catalog = new Catalog(session.connection());
  }

  /** Whether what a step makes is there; told only of what is left as it is in that case. */
  static boolean has(Session session, Step step) throws SQLException {
    String where =
        switch (Planner.kind(step)) {
          case SCHEMA -> "pg_namespace WHERE quote_ident(nspname)";
          case EXTENSION -> "pg_extension WHERE quote_ident(extname)";
          case ROLE -> "pg_roles WHERE rolname";
          case TABLESPACE -> "pg_tablespace WHERE spcname";
          default -> "";
        };
    String name = Sql.literal(step.facts().getOrDefault(Planner.NAME, ""));
    return !where.isEmpty()
        && !new Catalog(session.connection())
            .list("SELECT 1 AS one FROM " + where + " = " + name, row -> 1)
            .isEmpty();
  }

  /** What could be looked up by its name: relations, types and routines. */
  static boolean isLookedUp(Kind kind) {
    return switch (kind) {
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, TYPE, DOMAIN, FUNCTION, PROCEDURE, AGGREGATE ->
          true;
      default -> false;
    };
  }

  /** What a step makes is called by this in {@link #names()}. */
  static String key(Step step) {
    Map<String, String> facts = step.facts();
    return switch (Planner.kind(step)) {
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE -> "relation " + facts.get(Planner.NAME);
      case TYPE, DOMAIN -> "type " + facts.get(Planner.NAME);
      default -> "routine " + facts.get("signature");
    };
  }

  /** All relations, types and routines of users. */
  Set<String> names() throws SQLException {
    return new HashSet<>(
        catalog.list(
            "SELECT 'relation ' || quote_ident(nspname) || '.' || quote_ident(relname) AS name"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE "
                + Catalog.USER_SCHEMA
                + " UNION ALL SELECT 'type ' || quote_ident(nspname) || '.' || quote_ident(typname)"
                + " FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE "
                + Catalog.USER_SCHEMA
                + " UNION ALL SELECT 'routine ' || p.oid::regprocedure::text"
                + " FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE "
                + Catalog.USER_SCHEMA,
            row -> row.text("name")));
  }

  /** What of these steps' making exists. */
  List<String> existing(List<Step> steps) throws SQLException {
    Set<String> names = names();
    return steps.stream()
        .filter(step -> isLookedUp(Planner.kind(step)))
        .map(Existing::key)
        .filter(names::contains)
        .toList();
  }

  void requireNothing(List<Step> steps) throws SQLException, IOException {
    List<String> existing = existing(steps);
    if (!existing.isEmpty()) {
      throw new FileAlreadyExistsException(
          connections.toString(),
          null,
          "what would be made exists: "
              + named(existing)
              + "; restore into an empty database, into other schemas, or say how to replace it:"
              + " swap, merge or rows");
    }
  }

  static String named(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** Every role that is spoken of must be there or be made. */
  void requireRoles(List<Step> steps, LoadOptions options) throws SQLException, IOException {
    Set<String> known =
        new HashSet<>(catalog.list("SELECT rolname FROM pg_roles", row -> row.text("rolname")));
    TreeSet<String> missing = new TreeSet<>();
    for (Step step : steps) {
      Kind kind = Planner.kind(step);
      if (kind == Kind.ROLE && options.roles()) {
        known.add(step.facts().getOrDefault(Planner.NAME, ""));
      }
      if (options.owners() || kind == Kind.ROW_SECURITY) {
        missing.addAll(Roles.of(step.facts()));
      }
    }
    missing.removeAll(known);
    if (!missing.isEmpty()) {
      throw new IOException(
          connections
              + " has no role "
              + named(List.copyOf(missing))
              + ", which owners, privileges or policies name; make them, restore roles too, or"
              + " restore without owners and privileges");
    }
  }
}
