package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A statement that sends a content to the server, run by a thread of its own and given up once the
 * server says that it has ended the session. Used by one thread.
 *
 * <p>A server that ends a session closes a connection in which there may be no room for more rows.
 * The system of the client then asks for room for about two minutes before it hears that nobody is
 * there; the driver writes and does not look. Where it speaks TLS it cannot even be told to stop,
 * so whoever waits for the statement leaves it behind.
 *
 * <p>A server that cannot be asked, or is another one than before, proves nothing: then the system
 * decides when the connection is lost.
 */
final class Sending {

  /** How long a driver may take nothing of the content before the server is asked. */
  private static final long PATIENCE_SECONDS = 2;

  /** A session as the server knows it. */
  private record Identity(long id, String server) {

    static Identity of(Session session) throws SQLException {
      Row row =
          session
              .rows("SELECT CONNECTION_ID(), CONCAT_WS(' ', @@hostname, @@port, @@server_id)")
              .get(0);
      return new Identity(row.number(1), row.text(2));
    }
  }

  private final Connections connections;
  private final Identity sender;
  private final Loaded content;
  private final FutureTask<Long> work;

  private Sending(Connections connections, Identity sender, Loaded content, FutureTask<Long> work) {
    this.connections = connections;
    this.sender = sender;
    this.content = content;
    this.work = work;
  }

  /**
   * Lets {@code work} use the session to send the content; returns what it returns.
   *
   * @throws SQLException as the work does, or because the server has ended the session, which then
   *     is abandoned
   */
  static long run(Session session, Loaded content, Callable<Long> work)
      throws SQLException, IOException {
    FutureTask<Long> task = new FutureTask<>(work);
    Sending sending = new Sending(session.connections(), Identity.of(session), content, task);
    begin("varve-jdbc-sending", task);
    begin("varve-jdbc-watching", sending::watch);
    try {
      return task.get();
    } catch (CancellationException given) {
      session.abandon();
      throw new SQLException("the server has ended the session and takes no more rows", "08S01");
    } catch (ExecutionException failed) {
      throw thrown(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      session.abandon();
      throw new IOException("Interrupted while rows were sent", interrupted);
    }
  }

  private static void begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static SQLException thrown(ExecutionException failed) throws IOException {
    if (failed.getCause() instanceof IOException failure) {
      throw failure;
    }
    if (failed.getCause() instanceof RuntimeException fault) {
      throw fault;
    }
    if (failed.getCause() instanceof Error error) {
      throw error;
    }
    return failed.getCause() instanceof SQLException refused ? refused : new SQLException(failed);
  }

  private void watch() {
    long seen = -1;
    while (isAtWork()) {
      long taken = content.pieces();
      if (taken == seen && isEnded() && content.giveUpAt(taken)) {
        work.cancel(false);
      }
      seen = taken;
    }
  }

  /** Waits a while for the end. */
  private boolean isAtWork() {
    try {
      work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return false;
    } catch (TimeoutException not) {
      return true;
    } catch (ExecutionException | CancellationException | InterruptedException ended) {
      return false;
    }
  }

  private boolean isEnded() {
    try (Session asking = Session.reading(connections)) {
      if (!Identity.of(asking).server().equals(sender.server())) {
        return false;
      }
      for (Row row : asking.rows("SHOW PROCESSLIST")) {
        if (row.number(1) == sender.id()) {
          return row.text(5).equals("Killed");
        }
      }
      return true;
    } catch (IOException | SQLException noAnswer) {
      return false;
    }
  }
}
