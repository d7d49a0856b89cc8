package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What takes back what a load did, the last first. Safe for use by many threads. Works on a session
 * of its own, for those of the load may be lost.
 */
final class Undo {

  /** Takes back one thing. */
  interface Action {
    void run(Session session) throws SQLException;
  }

  private record Entry(String what, Action action) {}

  private final Connections connections;
  private final Deque<Entry> entries = new ArrayDeque<>();

  Undo(Connections connections) {
    this.connections = connections;
  }

  /** Something was done, or will be at once. */
  synchronized void add(String what, Action action) {
    entries.push(new Entry(what, action));
  }

  synchronized void add(String statement) {
    add(statement, session -> session.run(statement));
  }

  /** Nothing is to be taken back any more. */
  synchronized void forget() {
    entries.clear();
  }

  /**
   * Takes everything back.
   *
   * @throws IOException if something stays, naming it; the rest is taken back
   */
  synchronized void run() throws IOException {
    if (entries.isEmpty()) {
      return;
    }
    IOException first = null;
    try (Session session = Session.writing(connections, false)) {
      while (!entries.isEmpty()) {
        Entry entry = entries.pop();
        try {
          entry.action().run(session);
        } catch (SQLException failure) {
          IOException told = Faults.of("Taking back (" + entry.what() + ")", failure);
          if (first == null) {
            first = told;
          } else {
            first.addSuppressed(told);
          }
        }
      }
    } catch (IOException failure) {
      StringBuilder left = new StringBuilder();
      entries.forEach(entry -> left.append("; ").append(entry.what()));
      throw new IOException(
          "What a failed load made cannot be taken back: " + failure.getMessage() + left, failure);
    }
    if (first != null) {
      throw first;
    }
  }
}
