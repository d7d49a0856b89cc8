package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.SourceLostException;
import dev.varve.source.jdbc.internal.dialect.BytesReading;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;

/** One view of a database, read by several sessions. Safe for use by many threads. */
final class PostgreSqlDump implements Dump {

  private static final String LOCK_HELD = "55P03";
  private static final String SAVE = "SAVEPOINT varve";
  private static final String KEEP = "RELEASE SAVEPOINT varve";
  private static final String BACK = "ROLLBACK TO SAVEPOINT varve; RELEASE SAVEPOINT varve";

  private final Connections connections;
  private final SessionPool pool;
  private final Contents contents;

  PostgreSqlDump(Connections connections, SessionPool pool, Contents contents) {
    this.connections = connections;
    this.pool = pool;
    this.contents = contents;
  }

  @Override
  public Plan plan() {
    return contents.plan();
  }

  @Override
  public int parallelReads() {
    return pool.most();
  }

  @Override
  public Reading open(Step step) throws IOException {
    byte[] text = contents.texts().get(step.path());
    if (text != null) {
      return BytesReading.of(text);
    }
    RowSource source = contents.rows().get(step.path());
    Session session = pool.acquire();
    try {
      if (source == null) {
        return largeObjects(session, step);
      }
      if (session != pool.leader() && !locked(session, step)) {
        pool.release(session);
        session = pool.acquireLeader();
      }
      return rows(session, step.path(), source);
    } catch (SQLException failure) {
      ended(session, false);
      throw told(step.path(), failure);
    }
  }

  /**
   * Locks the table for another session too, which must not wait: somebody may wait for an
   * exclusive lock behind the leader's, and would be waited for.
   */
  private static boolean locked(Session session, Step step) throws SQLException {
    session.execute(SAVE);
    try {
      session.execute(
          "LOCK TABLE ONLY " + step.facts().get(Planner.NAME) + " IN ACCESS SHARE MODE NOWAIT");
      session.execute(KEEP);
      return true;
    } catch (SQLException failure) {
      if (!LOCK_HELD.equals(failure.getSQLState())) {
        throw failure;
      }
      session.execute(BACK);
      return false;
    }
  }

  private Reading rows(Session session, EntryPath path, RowSource source) throws SQLException {
    session.execute(SAVE);
    return new CopyReading(
        session,
        LargeRows.find(session, source),
        failure -> told(path, failure),
        well -> ended(session, well));
  }

  private Reading largeObjects(Session session, Step step) throws SQLException {
    session.execute(SAVE);
    long thousand = Long.parseLong(step.facts().getOrDefault("thousand", "0"));
    return new LargeObjectReading(
        session, thousand, failure -> told(step.path(), failure), well -> ended(session, well));
  }

  /** A statement that failed spoils its session until it goes back to before. */
  private void ended(Session session, boolean well) throws IOException {
    try {
      session.execute(well ? KEEP : BACK);
      pool.release(session);
    } catch (SQLException gone) {
      pool.discard(session);
    }
  }

  /** What can be said of one entry is its problem; what ends the view ends the dump. */
  private IOException told(EntryPath path, SQLException failure) {
    String state = Objects.requireNonNullElse(failure.getSQLState(), "");
    String attempted = "Reading " + path + " from " + connections;
    boolean ends =
        Failures.isLost(failure)
            || state.startsWith("57")
            || state.startsWith("53")
            || state.startsWith("40")
            || state.startsWith("25")
            || state.startsWith("72");
    return ends
        ? new SourceLostException(
            attempted
                + " failed: "
                + Failures.told(failure)
                + "; the view is lost, so nothing is kept; try again when the server is well",
            failure)
        : Failures.of(attempted, failure);
  }

  @Override
  public void finish() throws IOException {
    Session leader = pool.acquireLeader();
    try {
      leader.execute("SELECT 1");
    } catch (SQLException failure) {
      throw new SourceLostException(
          "The view of "
              + connections
              + " was lost before everything was read: "
              + Failures.told(failure)
              + "; nothing is kept; try again",
          failure);
    } finally {
      pool.release(leader);
    }
  }

  @Override
  public void close() throws IOException {
    pool.close();
  }
}
