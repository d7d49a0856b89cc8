package dev.varve.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.source.jdbc.JdbcSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test that works on last night's rows, in a PostgreSQL of its own. */
class LastNightsRowsTest {

  @TempDir static Path directory;

  private static final EmbeddedPostgres SERVER = start();
  private static final DataSource DATABASE = SERVER.getDatabase("postgres", "test");

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @BeforeAll
  static void load() throws Exception {
    DataSource live = SERVER.getPostgresDatabase();
    run(live, "create database orders");
    run(live, "create database test");
    DataSource orders = SERVER.getDatabase("postgres", "orders");
    run(
        orders,
        "create table customers(id int primary key, name text);"
            + "create table orders(id int primary key, customer int references customers, sum"
            + " numeric);"
            + "create table secrets(word text);"
            + "insert into customers values(1,'Ada'),(2,'Bob');"
            + "insert into orders values(10,1,5.50),(11,1,4.50),(12,2,7)");
    Key key = KeyFile.generate();
    String backups = directory.resolve("backups").toString();
    try (Repository repository = Repository.create(backups, key)) {
      repository.backup(JdbcSource.of(orders).named("orders").host("db-1"));
    }

    LastNightsRows.into(DATABASE, backups, key);
  }

  @AfterAll
  static void stop() throws Exception {
    SERVER.close();
  }

  @Test
  void sumOfACustomer_isWhatItWasLastNight() throws Exception {
    assertEquals("10.00", one("select sum(sum) from orders where customer=1"));
    assertTrue(one("select count(*) from pg_tables where tablename='secrets'").equals("0"));
  }

  private static void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(String sql) throws SQLException {
    try (Connection connection = DATABASE.getConnection();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      assertTrue(found.next());
      return String.valueOf(found.getString(1));
    }
  }
}
