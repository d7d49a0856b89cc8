package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot shows one instant, whoever writes meanwhile. */
class ConsistencyTest {

  private static final int TABLES = 4;
  private static final int ACCOUNTS = 2000;
  private static final int BACKUPS = 3;

  private final MariaDbServer server = MariaDbServer.shared();
  private final String schema = server.newSchema();

  /** Each transfer is between two tables, so that tables of two instants have another sum. */
  private long move(AtomicBoolean going, AtomicLong moves, long seed) throws SQLException {
    Random random = new Random(seed);
    long moved = 0;
    try (Connection connection = server.connect(MariaDbServer.Driver.MARIADB, schema);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (going.get()) {
        int from = random.nextInt(TABLES);
        int to = (from + 1 + random.nextInt(TABLES - 1)) % TABLES;
        int amount = random.nextInt(100);
        try {
          statement.execute(change(Math.min(from, to), from < to ? -amount : amount, random));
          statement.execute(change(Math.max(from, to), from < to ? amount : -amount, random));
          connection.commit();
          moved++;
          moves.incrementAndGet();
        } catch (SQLException deadlock) {
          connection.rollback();
        }
      }
    }
    return moved;
  }

  private static String change(int table, int amount, Random random) {
    return "UPDATE accounts"
        + table
        + " SET balance=balance+"
        + amount
        + " WHERE id="
        + random.nextInt(ACCOUNTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void backup_whileMoneyMoves_hasTheRightSum(int connections) throws Exception {
    for (int i = 0; i < TABLES; i++) {
      server.run(
          schema,
          "CREATE TABLE accounts" + i + " (id INT PRIMARY KEY, balance INT, note CHAR(200))",
          "INSERT INTO accounts" + i + " SELECT seq, 1000, 'x' FROM seq_0_to_" + (ACCOUNTS - 1));
    }
    AtomicBoolean going = new AtomicBoolean(true);
    AtomicLong seed = new AtomicLong(System.nanoTime());
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try (Backups backups = new Backups(server)) {
      AtomicLong moves = new AtomicLong();
      Callable<Long> work = () -> move(going, moves, seed.incrementAndGet());
      List<Future<Long>> moving = List.of(writers.submit(work), writers.submit(work));
      List<BackupReport> reports = new ArrayList<>();
      for (int i = 0; i < BACKUPS; i++) {
        // Money moves before each, and goes on.
        long before = moves.get();
        while (moves.get() == before && moving.stream().noneMatch(Future::isDone)) {
          Thread.onSpinWait();
        }
        reports.add(backups.report(backups.source(schema).connections(connections)));
      }
      going.set(false);
      long moved = 0;
      for (Future<Long> writer : moving) {
        moved += writer.get();
      }
      assertTrue(moved >= BACKUPS, moved + " moves");
      for (BackupReport report : reports) {
        assertEquals(List.of(), report.problems());
        String copy = schema + "_copy";
        server.run("", "DROP DATABASE IF EXISTS " + copy);
        backups.restore(report.snapshot(), backups.target().schema(schema, copy));
        assertEquals("" + TABLES * ACCOUNTS * 1000L, sum(copy));
      }
    } finally {
      going.set(false);
      writers.shutdown();
    }
  }

  private String sum(String in) {
    StringBuilder sql = new StringBuilder("SELECT SUM(balance) FROM (");
    for (int i = 0; i < TABLES; i++) {
      sql.append(i == 0 ? "" : " UNION ALL ").append("SELECT balance FROM accounts").append(i);
    }
    return server.one(in, sql + ") all_of_them");
  }

  @Test
  void backup_withoutTheRightToStopCommits_readsByOneConnectionAndSaysSo() {
    server.run(schema, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    String user = "reader_" + schema;
    server.run(
        "",
        "DROP USER IF EXISTS " + user,
        "CREATE USER " + user + " IDENTIFIED BY 'weak-password'",
        "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON *.* TO " + user);
    try (Backups backups = new Backups(server)) {
      BackupReport report =
          backups.report(
              backups.source(schema).user(user).password(() -> "weak-password").connections(3));

      assertEquals(1, report.problems().size(), report.problems().toString());
      assertTrue(
          report.problems().get(0).message().contains("RELOAD"), report.problems().toString());
      assertTrue(backups.paths(report.snapshot()).contains(schema + "/tables/t/rows"));
    }
  }
}
