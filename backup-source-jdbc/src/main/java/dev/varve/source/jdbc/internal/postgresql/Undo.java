package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a restore made, and how it goes away again: never with anything that others made, so what
 * they use by then stays, and is named. Safe for use by many threads.
 */
final class Undo {

  /** Each holds locks until its transaction ends, and a server has only so many. */
  private static final int DROPS_AT_ONCE = 100;

  /**
   * What is of a thing itself and goes with it, by the thing's place in a list; a table that is
   * another's partition is a thing of its own.
   */
  private static final String USES =
      "), whole (place, class, number) AS ("
          + "SELECT place, class::oid, number::oid FROM made WHERE number IS NOT NULL UNION"
          + " SELECT place, d.classid, d.objid FROM whole JOIN pg_depend d ON d.refclassid = class"
          + " AND d.refobjid = number WHERE d.deptype IN ('a', 'i', 'P', 'S', 'e') AND NOT"
          + " (d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c"
          + " WHERE c.oid = d.objid AND relkind IN ('r', 'p', 'v', 'm', 'f'))))"
          + " SELECT place, min(pg_describe_object(d.classid, d.objid, d.objsubid)) AS use"
          + " FROM whole JOIN pg_depend d ON d.refclassid = class AND d.refobjid = number"
          + " WHERE NOT EXISTS (SELECT FROM whole w WHERE w.class = d.classid AND w.number = d.objid)"
          + " GROUP BY place";

  private final Connections connections;
  private final TargetContext context;

  /** What was made, the last first. */
  private final Deque<Made> all = new ArrayDeque<>();

  /**
   * Something that was made.
   *
   * @param name what it is and how SQL calls it
   * @param drop what drops it with all that needs it, or fails
   * @param address the catalog that has it and its number there, as SQL; empty if dropping fails
   *     where others use it
   */
  private record Made(String name, String drop, String address) {}

  Undo(Connections connections, TargetContext context) {
    this.connections = connections;
    this.context = context;
  }

  /** Notes what a step makes. */
  synchronized void made(Step step) {
    of(step).ifPresent(all::push);
  }

  /** Notes that a step made nothing: what has its name by now is somebody else's. */
  synchronized void notMade(Step step) {
    of(step).ifPresent(all::removeFirstOccurrence);
  }

  /** Notes that a large thing of this number was made. */
  synchronized void madeLarge(long number) {
    all.push(new Made("large object " + number, "SELECT lo_unlink(" + number + ")", ""));
  }

  /** None for what goes with what it belongs to. */
  private static Optional<Made> of(Step step) {
    Kind kind = Planner.kind(step);
    String name = step.facts().getOrDefault(Planner.NAME, "");
    return switch (kind) {
      case FUNCTION, PROCEDURE, AGGREGATE ->
          cascading("ROUTINE", step.facts().getOrDefault("signature", ""), "pg_proc");
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE -> cascading(kind.words(), name, "pg_class");
      case TYPE, DOMAIN -> cascading(kind.words(), name, "pg_type");
      case COLLATION -> cascading(kind.words(), name, "pg_collation");
      case SCHEMA -> cascading(kind.words(), name, "pg_namespace");
      case EXTENSION -> cascading(kind.words(), name, "pg_extension");
      case EVENT_TRIGGER -> cascading(kind.words(), name, "pg_event_trigger");
      case ROLE, TABLESPACE -> {
        String drop = kind.words() + " " + Sql.identifier(name);
        yield Optional.of(new Made(drop, "DROP " + drop, ""));
      }
      default -> Optional.empty();
    };
  }

  private static Optional<Made> cascading(String words, String name, String catalog) {
    String literal = Sql.literal(name);
    String number =
        switch (catalog) {
          case "pg_proc" -> "to_regprocedure(" + literal + ")";
          case "pg_class" -> "to_regclass(" + literal + ")";
          case "pg_type" -> "to_regtype(" + literal + ")";
          case "pg_collation" ->
              "(SELECT c.oid FROM pg_collation c JOIN pg_namespace n ON n.oid = collnamespace WHERE"
                  + " quote_ident(nspname) || '.' || quote_ident(collname) = "
                  + literal
                  + " LIMIT 1)";
          case "pg_namespace" ->
              "(SELECT oid FROM pg_namespace WHERE quote_ident(nspname) = " + literal + ")";
          case "pg_extension" ->
              "(SELECT oid FROM pg_extension WHERE quote_ident(extname) = " + literal + ")";
          default ->
              "(SELECT oid FROM pg_event_trigger WHERE quote_ident(evtname) = " + literal + ")";
        };
    return Optional.of(
        new Made(
            words.toLowerCase(Locale.ROOT) + " " + name,
            "DROP " + words + " IF EXISTS " + name + " CASCADE",
            "'" + catalog + "'::regclass::oid, " + number + "::oid"));
  }

  /** Drops everything that was made; a warning says what stays. */
  synchronized void run() {
    if (all.isEmpty()) {
      return;
    }
    Map<Made, String> kept = new LinkedHashMap<>();
    try (Session session = Session.loading(connections);
        Session others = Session.loading(connections)) {
      Catalog committed = new Catalog(others.connection());
      List<Made> rest = new ArrayList<>(all);
      all.clear();
      List<Made> last = rest.stream().filter(made -> made.address().isEmpty()).toList();
      rest.removeAll(last);
      keepUsed(committed, rest, kept);
      while (!rest.isEmpty()) {
        List<Made> some = List.copyOf(rest.subList(0, Math.min(rest.size(), DROPS_AT_ONCE)));
        session.execute("BEGIN");
        for (Made made : some) {
          session.execute(made.drop());
        }
        // Nobody can begin to use these any more; somebody may have a moment ago.
        if (keepUsed(committed, rest, kept)) {
          session.execute("ROLLBACK");
        } else {
          session.execute("COMMIT");
          rest.removeAll(some);
        }
      }
      for (Made made : last) {
        drop(session, made, kept);
      }
    } catch (SQLException | IOException failure) {
      context.warn(
          "What was restored into "
              + connections
              + " before the failure could not be removed: "
              + failure.getMessage()
              + "; drop it before the next restore");
    }
    if (!kept.isEmpty()) {
      context.warn(
          "What was restored into "
              + connections
              + " before the failure is removed, but for what others use by now: "
              + Existing.named(
                  kept.entrySet().stream()
                      .map(one -> one.getKey().name() + " (" + one.getValue() + ")")
                      .toList()));
    }
  }

  private static void drop(Session session, Made made, Map<Made, String> kept) {
    try {
      session.execute(made.drop());
    } catch (SQLException used) {
      kept.put(made, Failures.told(used));
    }
  }

  /** Takes out what others use, and what that in turn needs; whether there was any. */
  private static boolean keepUsed(Catalog catalog, List<Made> rest, Map<Made, String> kept)
      throws SQLException {
    boolean found = false;
    for (Map<Made, String> used = used(catalog, rest);
        !used.isEmpty();
        used = used(catalog, rest)) {
      kept.putAll(used);
      rest.removeAll(used.keySet());
      found = true;
    }
    return found;
  }

  private static Map<Made, String> used(Catalog catalog, List<Made> rest) throws SQLException {
    Map<Made, String> used = new LinkedHashMap<>();
    if (rest.isEmpty()) {
      return used;
    }
    String values =
        IntStream.range(0, rest.size())
            .mapToObj(place -> "(" + place + ", " + rest.get(place).address() + ")")
            .collect(Collectors.joining(", "));
    catalog.visit(
        "WITH RECURSIVE made (place, class, number) AS (VALUES " + values + USES,
        row -> used.put(rest.get((int) row.number("place")), row.text("use")));
    return used;
  }
}
