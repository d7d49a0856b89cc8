package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Loads what does not exist yet, by several sessions, each step a transaction of its own. Given up,
 * it drops what it made. Safe for use by many threads.
 */
final class FreshLoad implements Load {

  /** What PostgreSQL says of a schema, table, routine or other thing that exists. */
  private static final Set<String> WAS_THERE = Set.of("42P06", "42P07", "42723", "42710");

  private static final String DEADLOCK = "40P01";
  private static final int MOST_ATTEMPTS = 5;

  private final Connections connections;
  private final StepLoader loader;
  private final LoadSessions sessions;
  private final TargetContext context;
  private final Deque<String> drops = new ArrayDeque<>();
  private final Set<String> tables = new LinkedHashSet<>();
  private final Map<String, Integer> parts;
  private final Set<String> schemas;
  private final Set<String> extensions;
  private boolean committed;

  FreshLoad(
      Connections connections,
      List<Step> steps,
      LoadOptions options,
      TargetContext context,
      Session first)
      throws SQLException, IOException {
    this.connections = connections;
    this.context = context;
    this.loader = new StepLoader(connections, options, context);
    Existing existing = new Existing(connections, first);
    existing.requireNothing(steps);
    existing.requireRoles(steps, options);
    this.schemas = existing.schemas();
    this.extensions = existing.extensions();
    this.parts = parts(steps);
    this.sessions = new LoadSessions(connections, options.connections(), first);
  }

  /** How many steps bring rows of a table. */
  static Map<String, Integer> parts(List<Step> steps) {
    Map<String, Integer> parts = new LinkedHashMap<>();
    for (Step step : steps) {
      if (Planner.kind(step) == Kind.ROWS) {
        parts.merge(step.facts().getOrDefault(Planner.NAME, ""), 1, Integer::sum);
      }
    }
    return parts;
  }

  @Override
  public int parallelSteps() {
    return sessions.most();
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    if (!loader.wants(step)) {
      return;
    }
    Session session = sessions.acquire();
    try {
      Kind kind = Planner.kind(step);
      switch (kind) {
        case ROWS -> rows(session, step, content, rows);
        case LARGE_OBJECTS -> largeObjects(session, content);
        default -> {
          boolean looked = Existing.isLookedUp(kind);
          if (looked) {
            made(step);
          }
          define(session, step, content);
          if (!looked) {
            made(step);
          }
        }
      }
    } catch (SQLException failure) {
      if (WAS_THERE.contains(String.valueOf(failure.getSQLState()))) {
        notMade(step);
      }
      throw Failures.of("Restoring " + step.path() + " into " + connections, failure);
    } finally {
      sessions.release(session);
    }
  }

  /** Keys of a table and of its parts, made at once, may wait for each other in a circle. */
  private void define(Session session, Step step, InputStream content)
      throws SQLException, IOException {
    byte[] text = content.readAllBytes();
    for (int attempt = 1; ; attempt++) {
      try {
        session.execute("BEGIN");
        loader.define(session, step, new ByteArrayInputStream(text));
        session.execute("COMMIT");
        return;
      } catch (SQLException failure) {
        session.rollBack();
        if (!DEADLOCK.equals(failure.getSQLState()) || attempt == MOST_ATTEMPTS) {
          throw failure;
        }
      } catch (IOException failure) {
        session.rollBack();
        throw failure;
      }
    }
  }

  /**
   * Rows of a table that comes in one piece are put in as old ones: nobody can see the table yet,
   * and no page needs to be written again for them to be known as such.
   */
  private void rows(Session session, Step step, InputStream content, OptionalLong rows)
      throws SQLException, IOException {
    String name = step.facts().getOrDefault(Planner.NAME, "");
    boolean own;
    synchronized (this) {
      own = tables.contains(name);
    }
    if (!own || parts.getOrDefault(name, 1) > 1) {
      loader.copy(session, step, StepLoader.into(step), "", content, rows);
      return;
    }
    session.execute("BEGIN; TRUNCATE TABLE ONLY " + name);
    boolean done = false;
    try {
      loader.copy(session, step, StepLoader.into(step), " WITH (FREEZE)", content, rows);
      session.execute("COMMIT");
      done = true;
    } finally {
      if (!done) {
        session.rollBack();
      }
    }
  }

  private void largeObjects(Session session, InputStream content) throws SQLException, IOException {
    session.execute("BEGIN");
    boolean done = false;
    try {
      LargeObjectWriter writer = new LargeObjectWriter(session);
      writer.write(content);
      session.execute("COMMIT");
      done = true;
      synchronized (this) {
        writer.numbers().forEach(number -> drops.push("SELECT lo_unlink(" + number + ")"));
      }
    } finally {
      if (!done) {
        session.rollBack();
      }
    }
  }

  /** Notes how to undo a step. */
  private synchronized void made(Step step) {
    undoing(step).ifPresent(drops::push);
    if (Planner.kind(step) == Kind.TABLE) {
      tables.add(step.facts().getOrDefault(Planner.NAME, ""));
    }
  }

  /** Somebody else made it after it was seen not to be there: it must not be undone. */
  private synchronized void notMade(Step step) {
    undoing(step).ifPresent(drops::removeFirstOccurrence);
  }

  /** The statement that undoes a step; none for what goes with what it belongs to. */
  private Optional<String> undoing(Step step) {
    Kind kind = Planner.kind(step);
    String name = step.facts().getOrDefault(Planner.NAME, "");
    return switch (kind) {
      case SCHEMA ->
          schemas.contains(unquoted(step))
              ? Optional.empty()
              : Optional.of("DROP SCHEMA IF EXISTS " + name + " CASCADE");
      case EXTENSION ->
          extensions.contains(name)
              ? Optional.empty()
              : Optional.of("DROP EXTENSION IF EXISTS " + name + " CASCADE");
      case FUNCTION, PROCEDURE, AGGREGATE ->
          Optional.of("DROP ROUTINE IF EXISTS " + step.facts().get("signature") + " CASCADE");
      case ROLE, TABLESPACE ->
          Optional.of("DROP " + kind.words() + " IF EXISTS " + Sql.identifier(name));
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, TYPE, DOMAIN, COLLATION ->
          Optional.of("DROP " + kind.words() + " IF EXISTS " + name + " CASCADE");
      case EVENT_TRIGGER -> Optional.of("DROP EVENT TRIGGER IF EXISTS " + name);
      default -> Optional.empty();
    };
  }

  /** The name of a schema as it is. */
  static String unquoted(Step schema) {
    String path = schema.path().toString();
    String name = schema.facts().getOrDefault(Planner.NAME, path);
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  @Override
  public void commit() throws IOException {
    List<String> all = new ArrayList<>(parts.keySet());
    Session session = sessions.acquire();
    try {
      for (String table : all) {
        session.execute("ANALYZE " + table);
        context.progress(0, "statistics");
      }
      session.execute("SET synchronous_commit TO on; SELECT pg_catalog.txid_current()");
      synchronized (this) {
        committed = true;
      }
    } catch (SQLException failure) {
      throw Failures.of("Finishing the restore into " + connections, failure);
    } finally {
      sessions.release(session);
    }
  }

  @Override
  public void cancel() {
    sessions.cancel();
  }

  @Override
  public void close() throws IOException {
    Collection<String> undo;
    synchronized (this) {
      undo = committed ? List.of() : List.copyOf(drops);
      drops.clear();
    }
    sessions.close();
    if (!undo.isEmpty()) {
      undo(undo);
    }
  }

  private void undo(Collection<String> statements) {
    try (Session session = Session.loading(connections)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    } catch (SQLException | IOException failure) {
      context.warn(
          "What was restored into "
              + connections
              + " before the failure could not be removed: "
              + failure.getMessage()
              + "; drop it before the next restore");
    }
  }
}
