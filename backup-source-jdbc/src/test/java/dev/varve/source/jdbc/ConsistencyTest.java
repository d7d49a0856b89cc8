package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Snapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody moves money between two tables all through the backup; the restored sum is right. */
class ConsistencyTest {

  private static final int ROUNDS = 5;

  @TempDir Path directory;

  @Test
  void h2_moneyMoves_sumStays() throws Exception {
    check(Databases.h2(), Databases.h2(), "");
  }

  @Test
  void h2_portable_sumStays() throws Exception {
    check(Databases.h2(), Databases.h2(), "portable");
  }

  @Test
  void sqlite_moneyMoves_sumStays() throws Exception {
    String from = Databases.sqlite(directory);
    Databases.run(from, "pragma journal_mode=wal");
    check(from + "?busy_timeout=10000", Databases.sqlite(directory), "");
  }

  private static void check(String from, String to, String form) throws Exception {
    String rows =
        from.contains("h2")
            ? "select x, 'padding of a row', 1000 from system_range(1, 3000)"
            : "with recursive n(x) as (select 1 union all select x+1 from n where x<3000) select"
                + " x, 'padding of a row', 1000 from n";
    Databases.run(
        from,
        "create table a(id int primary key, t varchar(100), money int)",
        "create table z(id int primary key, t varchar(100), money int)",
        "insert into a " + rows,
        "insert into z " + rows);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger moves = new AtomicInteger();
    CompletableFuture<Void> mover = CompletableFuture.runAsync(() -> move(from, done, moves));
    try (Repos repos = new Repos()) {
      while (moves.get() == 0 && !mover.isDone()) {
        Thread.onSpinWait();
      }
      for (int round = 0; round < ROUNDS; round++) {
        JdbcSource source = JdbcSource.of(from);
        int before = moves.get();
        Snapshot snapshot = repos.backup(form.isEmpty() ? source : source.portable());
        assertTrue(moves.get() >= before);
        repos.restore(
            snapshot,
            JdbcTarget.into(to).mode(round == 0 ? JdbcTarget.Mode.REFUSE : JdbcTarget.Mode.ROWS));
        assertEquals(
            List.of(List.of("6000000")),
            Databases.rows(to, "select (select sum(money) from a) + (select sum(money) from z)"));
      }
    } finally {
      done.set(true);
      mover.join();
    }
    assertTrue(moves.get() > 0, "nobody moved anything");
  }

  private static void move(String url, AtomicBoolean done, AtomicInteger moves) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 1; !done.get(); i = i % 3000 + 1) {
        statement.executeUpdate("update a set money = money - 7 where id = " + i);
        statement.executeUpdate("update z set money = money + 7 where id = " + (3001 - i));
        connection.commit();
        moves.incrementAndGet();
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
