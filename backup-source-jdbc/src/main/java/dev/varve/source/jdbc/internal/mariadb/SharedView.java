package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sessions that all see a database as it was at one instant. Safe for use by many threads.
 *
 * <p>Several begin at one state only while nobody commits, which takes a lock for some
 * milliseconds; where that cannot be had there is one session.
 */
final class SharedView implements Closeable {

  private static final String ATTEMPTED = "Beginning a consistent snapshot";

  /** Waiting for the lock makes others wait, so not for long. */
  private static final int LOCK_SECONDS = 10;

  private final List<Session> sessions;
  private final Deque<Session> idle = new ArrayDeque<>();

  private SharedView(List<Session> sessions) {
    this.sessions = List.copyOf(sessions);
    idle.addAll(sessions);
  }

  /**
   * Opens sessions, holding at most {@code most} connections at any time; only one session if more
   * would not see the same state. One of the connections stops commits for the others.
   */
  static SharedView open(Connections connections, int most, PluginContext context)
      throws IOException {
    List<Session> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < Math.max(1, most - 1); i++) {
        sessions.add(Session.reading(connections));
      }
      if (sessions.size() == 1) {
        begin(sessions.get(0));
      } else {
        try (Session locker = Session.reading(connections)) {
          beginTogether(sessions, locker, context);
        }
      }
      return new SharedView(sessions);
    } catch (IOException | RuntimeException failure) {
      for (Session session : sessions) {
        session.abort();
      }
      throw failure;
    }
  }

  /** Leaves only those sessions that see one state. */
  private static void beginTogether(List<Session> sessions, Session locker, PluginContext context)
      throws IOException {
    try {
      locker.run("SET SESSION lock_wait_timeout=" + LOCK_SECONDS);
      if (locker.server().mariaDb()) {
        locker.run("BACKUP STAGE START");
        locker.run("BACKUP STAGE BLOCK_COMMIT");
      } else {
        locker.run("FLUSH TABLES WITH READ LOCK");
      }
    } catch (SQLException refused) {
      context.warn(
          "The database is read by one connection only, for others would not see the same state;"
              + " set connections to 1 to say so, or grant RELOAD: "
              + Faults.of("Stopping commits for a moment", refused).getMessage());
      while (sessions.size() > 1) {
        sessions.remove(sessions.size() - 1).close();
      }
      begin(sessions.get(0));
      return;
    }
    for (Session session : sessions) {
      begin(session);
    }
    // The end of a stage would end a transaction too, so the locker has none.
    locker.run(ATTEMPTED, locker.server().mariaDb() ? "BACKUP STAGE END" : "UNLOCK TABLES");
  }

  private static void begin(Session session) throws IOException {
    session.run(ATTEMPTED, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    session.run(ATTEMPTED, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  }

  int size() {
    return sessions.size();
  }

  /** The session that reads definitions, before any rows are read. */
  Session first() {
    return sessions.get(0);
  }

  /** From now on values come as the bytes that tables hold. */
  void showBytes() throws IOException {
    for (Session session : sessions) {
      session.run("Setting up a session", "SET SESSION character_set_results=NULL");
    }
  }

  /** Takes a session that nobody uses; there is one unless more are wanted than {@link #size}. */
  synchronized Session take() {
    Session session = idle.poll();
    if (session == null) {
      throw new IllegalStateException("More rows are open at once than there are sessions");
    }
    return session;
  }

  synchronized void give(Session session) {
    idle.add(session);
  }

  /** Each session must still be the one that began. */
  void requireAll() throws IOException {
    for (Session session : sessions) {
      String attempted = "Ending the consistent snapshot";
      boolean told = session.server().mariaDb();
      Row row = session.rows(attempted, told ? "SELECT @@in_transaction" : "SELECT 1").get(0);
      if (row.number(1) != 1) {
        throw new IOException(
            attempted + ": a transaction ended too early, so what was read is not of one instant");
      }
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (Session session : sessions) {
      try {
        session.close();
      } catch (IOException failure) {
        first = failure;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
