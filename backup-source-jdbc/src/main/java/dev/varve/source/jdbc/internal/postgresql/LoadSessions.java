package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Sessions that load, opened when they are needed. Safe for use by many threads. */
final class LoadSessions implements Closeable {

  private final Connections connections;
  private final int most;
  private final Deque<Session> free = new ArrayDeque<>();
  private final List<Session> all = new ArrayList<>();
  private boolean closed;

  LoadSessions(Connections connections, int most, Session first) {
    this.connections = connections;
    this.most = most;
    free.add(first);
    all.add(first);
  }

  int most() {
    return most;
  }

  synchronized Session acquire() throws IOException {
    while (true) {
      if (closed) {
        throw new IOException("The restore into " + connections + " was given up");
      }
      Session session = free.poll();
      if (session != null) {
        return session;
      }
      if (all.size() < most) {
        return opened();
      }
      try {
        wait();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("Waiting for a connection to " + connections + " was interrupted");
      }
    }
  }

  private Session opened() throws IOException {
    try {
      Session session = Session.loading(connections);
      all.add(session);
      return session;
    } catch (SQLException failure) {
      throw Failures.of("Opening another connection to " + connections, failure);
    }
  }

  synchronized void release(Session session) {
    free.push(session);
    notifyAll();
  }

  void cancel() {
    List<Session> sessions;
    synchronized (this) {
      sessions = List.copyOf(all);
    }
    sessions.forEach(Session::cancel);
  }

  @Override
  public void close() throws IOException {
    List<Session> sessions;
    synchronized (this) {
      closed = true;
      sessions = List.copyOf(all);
      notifyAll();
    }
    for (Session session : sessions) {
      session.close();
    }
  }
}
