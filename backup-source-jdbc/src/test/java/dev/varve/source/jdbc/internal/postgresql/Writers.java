package dev.varve.source.jdbc.internal.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that move money between two tables until they are closed. */
final class Writers implements AutoCloseable {

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong moves = new AtomicLong();
  private final AtomicReference<Optional<SQLException>> failure =
      new AtomicReference<>(Optional.empty());
  private final List<Thread> threads = new ArrayList<>();

  static Writers start(String database, int count) {
    Writers writers = new Writers();
    for (int i = 0; i < count; i++) {
      int seed = i;
      Thread thread = new Thread(() -> writers.move(database, seed), "writer-" + i);
      thread.setDaemon(true);
      thread.start();
      writers.threads.add(thread);
    }
    return writers;
  }

  private void move(String database, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (Connection connection = Server.connect(database);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        int cents = random.nextInt(500);
        // Always in this order, so that two writers never wait for each other in a circle.
        String a = "UPDATE public.a SET cents = cents - " + cents + " WHERE id = ";
        String b = "UPDATE public.b SET cents = cents + " + cents + " WHERE id = ";
        statement.execute(a + (1 + random.nextInt(3000)));
        statement.execute(b + (1 + random.nextInt(3000)));
        connection.commit();
        moves.incrementAndGet();
      }
    } catch (SQLException failed) {
      failure.updateAndGet(first -> first.or(() -> Optional.of(failed)));
      stop.set(true);
    }
  }

  /** Waits until so many more moves were made. */
  void awaitMoves(long more) throws SQLException {
    long until = moves.get() + more;
    while (moves.get() < until) {
      if (failure.get().isPresent()) {
        throw failure.get().get();
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    stop.set(true);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while writers ended", interrupted);
    }
  }
}
