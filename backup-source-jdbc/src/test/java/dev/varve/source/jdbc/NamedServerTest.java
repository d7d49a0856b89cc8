package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The same against a server somebody names by {@code VARVE_TEST_JDBC_URL}, {@code _USER} and {@code
 * _PASSWORD}; it makes and drops tables that begin with {@code varve_test_}.
 */
@EnabledIfEnvironmentVariable(
    named = "VARVE_TEST_JDBC_URL",
    matches = ".+",
    disabledReason = "VARVE_TEST_JDBC_URL names no server")
class NamedServerTest {

  private static final String URL = Objects.requireNonNullElse(variable("URL"), "");

  private static String variable(String name) {
    return Objects.requireNonNullElse(System.getenv("VARVE_TEST_JDBC_" + name), "");
  }

  private static Access access() {
    Access access = Access.by(URL);
    access = variable("USER").isEmpty() ? access : access.user(variable("USER"));
    return variable("PASSWORD").isEmpty() ? access : access.password(() -> variable("PASSWORD"));
  }

  private static void run(String... statements) throws Exception {
    try (Connection connection = access().open();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void drop() throws Exception {
    for (String table : List.of("varve_test_b", "varve_test_a")) {
      try {
        run("drop table " + table);
      } catch (SQLException notThere) {
        assertTrue(notThere.getMessage() != null);
      }
    }
  }

  @Test
  void portable_thereAndBack_isTheSame() throws Exception {
    check(JdbcSource.of(access()).portable());
  }

  @Test
  void ownWords_thereAndBack_isTheSame() throws Exception {
    check(JdbcSource.of(access()));
  }

  private static void check(JdbcSource source) throws Exception {
    drop();
    run(
        "create table varve_test_a(id int primary key, name varchar(40), paid decimal(12,3))",
        "create table varve_test_b(id int primary key, a int references varve_test_a(id))",
        "insert into varve_test_a values(1,'Ada',1.500),(2,null,-7)",
        "insert into varve_test_b values(10,1),(11,null)");
    try (Repos repos = new Repos()) {
      Snapshot snapshot = repos.backup(source.named("named").include("varve_test_*"));
      drop();

      assertTrue(repos.restore(snapshot, JdbcTarget.into(access())).complete());

      try (Connection connection = access().open();
          Statement statement = connection.createStatement();
          var found = statement.executeQuery("select sum(paid), count(*) from varve_test_a")) {
        assertTrue(found.next());
        assertEquals("-5.500", found.getString(1));
        assertEquals(2, found.getInt(2));
      }
    } finally {
      drop();
    }
  }
}
