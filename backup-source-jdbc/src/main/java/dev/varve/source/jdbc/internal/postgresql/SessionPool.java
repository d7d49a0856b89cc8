package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.SourceLostException;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Sessions that all see one state of a database: the first one exports what it sees, the others
 * import it when they are needed. Safe for use by many threads.
 */
final class SessionPool implements Closeable {

  private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private final Connections connections;
  private final int most;
  private final Session leader;
  private final String snapshot;
  private final Deque<Session> free = new ArrayDeque<>();
  private final List<Session> all = new ArrayList<>();
  private int held;
  private boolean closed;

  SessionPool(Connections connections, int most) throws SQLException, IOException {
    this.connections = connections;
    this.most = most;
    this.leader = Session.reading(connections);
    all.add(leader);
    try {
      leader.execute(BEGIN);
      this.snapshot =
          new Catalog(leader.connection())
              .first("SELECT pg_export_snapshot() AS id", row -> row.text("id"));
    } catch (SQLException failure) {
      leader.close();
      throw failure;
    }
    free.add(leader);
  }

  int most() {
    return most;
  }

  Session leader() {
    return leader;
  }

  /** Takes any session, waiting for one; give it back by {@link #release}. */
  Session acquire() throws IOException {
    synchronized (this) {
      while (true) {
        requireOpen();
        // The leader last: it holds the locks, so it can be wanted where no other will do.
        Session session = free.pollLast();
        if (session != null) {
          return session;
        }
        if (held < most - 1) {
          held++;
          break;
        }
        try {
          wait();
        } catch (InterruptedException interrupted) {
          throw interrupted();
        }
      }
    }
    return opened();
  }

  /** Takes the session that holds the locks. */
  synchronized Session acquireLeader() throws IOException {
    while (!free.remove(leader)) {
      requireOpen();
      try {
        wait();
      } catch (InterruptedException interrupted) {
        throw interrupted();
      }
    }
    return leader;
  }

  synchronized void release(Session session) {
    if (session == leader) {
      free.addFirst(session);
    } else {
      free.addLast(session);
    }
    notifyAll();
  }

  /** Gives up a session that failed; another may be opened in its place. */
  void discard(Session session) throws IOException {
    if (session == leader) {
      release(session);
      return;
    }
    synchronized (this) {
      held--;
      all.remove(session);
      notifyAll();
    }
    session.close();
  }

  private Session opened() throws IOException {
    Optional<Session> made = Optional.empty();
    try {
      Session session = Session.reading(connections);
      made = Optional.of(session);
      session.execute(BEGIN + "; SET TRANSACTION SNAPSHOT " + Sql.literal(snapshot));
      synchronized (this) {
        requireOpen();
        all.add(session);
      }
      return session;
    } catch (SQLException failure) {
      synchronized (this) {
        held--;
        notifyAll();
      }
      if (made.isPresent()) {
        made.get().close();
      }
      throw new SourceLostException(
          "Another connection to "
              + connections
              + " for the same view cannot be had: "
              + Failures.told(failure)
              + "; nothing is kept; let it run with fewer connections, or try again",
          failure);
    }
  }

  private IOException interrupted() {
    Thread.currentThread().interrupt();
    return new IOException("Waiting for a connection to " + connections + " was interrupted");
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("The dump of " + connections + " was closed");
    }
  }

  /** Closes all, cancelling what still runs. */
  @Override
  public void close() throws IOException {
    List<Session> sessions;
    boolean busy;
    synchronized (this) {
      closed = true;
      sessions = List.copyOf(all);
      busy = free.size() < all.size();
      notifyAll();
    }
    for (Session session : sessions) {
      if (busy) {
        session.cancel();
      }
      session.close();
    }
  }
}
