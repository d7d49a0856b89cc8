package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.target.TargetContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Refreshes what the server knows of tables' rows, by as many sessions as load. Used once; safe for
 * use by many threads. The first failure ends all.
 */
final class TableStatistics {

  private final LoadSessions sessions;
  private final TargetContext context;
  private final Iterator<String> waiting;
  private final int most;
  private Optional<Exception> failure = Optional.empty();

  TableStatistics(LoadSessions sessions, Collection<String> tables, TargetContext context) {
    this.sessions = sessions;
    this.context = context;
    this.waiting = List.copyOf(tables).iterator();
    this.most = Math.min(sessions.most(), tables.size());
  }

  /** Refreshes those of all tables. */
  void refresh() throws SQLException, IOException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i < most; i++) {
      Thread thread = new Thread(this::refreshWaiting, "varve-jdbc-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    refreshWaiting();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while statistics were refreshed", interrupted);
      }
    }
    if (failure.isPresent()) {
      if (failure.get() instanceof SQLException refused) {
        throw refused;
      }
      if (failure.get() instanceof RuntimeException fault) {
        throw fault;
      }
      throw (IOException) failure.get();
    }
  }

  private void refreshWaiting() {
    try {
      Optional<String> table = next();
      if (table.isEmpty()) {
        return;
      }
      Session session = sessions.acquire();
      try {
        for (; table.isPresent(); table = next()) {
          session.execute("ANALYZE " + table.get());
          context.progress(0, "statistics");
        }
      } finally {
        sessions.release(session);
      }
    } catch (SQLException | IOException | RuntimeException failed) {
      synchronized (this) {
        failure = failure.isEmpty() ? Optional.of(failed) : failure;
      }
    }
  }

  private synchronized Optional<String> next() {
    return failure.isEmpty() && waiting.hasNext() ? Optional.of(waiting.next()) : Optional.empty();
  }
}
