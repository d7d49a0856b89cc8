package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The sessions of a load, opened when they are first needed. Safe for use by many threads. */
final class LoadSessions implements Closeable {

  private final Connections connections;
  private final List<Session> all = new ArrayList<>();
  private final Deque<Session> idle = new ArrayDeque<>();

  LoadSessions(Connections connections) {
    this.connections = connections;
  }

  /** Takes one that nobody uses. */
  Session take() throws IOException {
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    Session session = Session.writing(connections, false);
    synchronized (this) {
      all.add(session);
    }
    return session;
  }

  synchronized void give(Session session) {
    idle.push(session);
  }

  /** Breaks off what runs. */
  void cancel() {
    List<Session> running;
    synchronized (this) {
      running = List.copyOf(all);
    }
    running.forEach(Session::cancel);
  }

  @Override
  public synchronized void close() throws IOException {
    IOException first = null;
    for (Session session : all) {
      try {
        session.close();
      } catch (IOException failure) {
        first = failure;
      }
    }
    all.clear();
    idle.clear();
    if (first != null) {
      throw first;
    }
  }
}
