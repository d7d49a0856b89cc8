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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Loads what does not exist yet, by several sessions, each step a transaction of its own. Given up,
 * it drops what it made. Safe for use by many threads.
 */
final class FreshLoad implements Load {

  private static final String DEADLOCK = "40P01";
  private static final int MOST_ATTEMPTS = 5;

  private final Connections connections;
  private final StepLoader loader;
  private final LoadSessions sessions;
  private final TargetContext context;
  private final Undo undo;
  private final Set<String> tables = new LinkedHashSet<>();
  private final Map<String, Integer> parts;
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
    this.undo = new Undo(connections, context);
    Existing existing = new Existing(connections, first);
    existing.requireNothing(steps);
    existing.requireRoles(steps, options);
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
          if (!Existing.has(session, step)) {
            undo.made(step);
          }
          define(session, step, content);
          if (kind == Kind.TABLE) {
            tableMade(step);
          }
        }
      }
    } catch (SQLException failure) {
      if (!Failures.isLost(failure)) {
        undo.notMade(step);
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
      writer.numbers().forEach(undo::madeLarge);
    } finally {
      if (!done) {
        session.rollBack();
      }
    }
  }

  private synchronized void tableMade(Step step) {
    tables.add(step.facts().getOrDefault(Planner.NAME, ""));
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
    try {
      new TableStatistics(sessions, parts.keySet(), context).refresh();
    } catch (SQLException failure) {
      throw Failures.of("Finishing the restore into " + connections, failure);
    }
    Session session = sessions.acquire();
    try {
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
    sessions.close();
    boolean givenUp;
    synchronized (this) {
      givenUp = !committed;
    }
    if (givenUp) {
      undo.run();
    }
  }
}
