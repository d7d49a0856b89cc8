package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.Snapshot;
import dev.varve.source.Source;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsTest {

  @TempDir Path directory;

  private final String from = Databases.h2();
  private final String to = Databases.h2();
  private final Repos repos = new Repos();

  @BeforeEach
  void fill() throws Exception {
    Databases.run(
        from,
        "create table rows(id int primary key, t varchar)",
        "insert into rows select x, repeat('x', 100) from system_range(1, 5000)");
  }

  @AfterEach
  void close() {
    repos.close();
  }

  /** Connections to a database whose results fail after so many rows. */
  private static ConnectionSupplier dying(String url, int rows) {
    AtomicInteger left = new AtomicInteger(rows);
    return () -> (Connection) watched(DriverManager.getConnection(url), Connection.class, left);
  }

  private static Object watched(Object real, Class<?> type, AtomicInteger left) {
    return Proxy.newProxyInstance(
        FaultsTest.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getName().equals("next") && left.decrementAndGet() < 0) {
            throw new SQLException("The server is gone", "08006");
          }
          Object answer;
          try {
            answer = method.invoke(real, arguments);
          } catch (InvocationTargetException failure) {
            throw failure.getCause();
          }
          boolean jdbc = answer instanceof Statement || answer instanceof ResultSet;
          return jdbc && method.getReturnType().isInterface()
              ? watched(answer, method.getReturnType(), left)
              : answer;
        });
  }

  @Test
  void backup_connectionDiesAmongRows_savesNothing() {
    for (boolean portable : new boolean[] {false, true}) {
      JdbcSource source = JdbcSource.of(dying(from, 3000)).named("a").host("b");

      BackupException failure =
          assertThrows(
              BackupException.class, () -> repos.backup(portable ? source.portable() : source));

      assertTrue(
          String.valueOf(failure.getMessage()).contains("server is gone"), failure::toString);
      assertTrue(repos.repository().snapshots().isEmpty());
    }
  }

  @Test
  void backup_tableVanishes_savesNothingAndNamesIt() throws Exception {
    Source source = JdbcSource.of(from);
    RecordingContext context = new RecordingContext();
    try (var run = source.begin(context)) {
      Databases.run(from, "drop table rows");
      var entries = run.entries();
      IOException failure =
          assertThrows(
              IOException.class,
              () -> {
                for (var next = entries.next(); next.isPresent(); next = entries.next()) {
                  try (var content = run.open(next.get())) {
                    while (content.read(java.nio.ByteBuffer.allocate(1000)) >= 0) {
                      assertTrue(next.isPresent());
                    }
                  }
                }
              });
      assertTrue(String.valueOf(failure.getMessage()).contains("ROWS"), failure::toString);
    }
  }

  @Test
  void restore_cancelled_makesNothing() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));
    RecordingContext context = new RecordingContext();
    MemorySource memory = copy(snapshot);
    context.cancel();

    assertThrows(
        IOException.class, () -> JdbcTarget.into(to).restore(MemoryContents.of(memory), context));

    assertEquals(List.of(), tables(to));
    assertEquals(List.of(), context.restored());
  }

  @Test
  void restore_rowsHaveAHole_makesNothing() throws Exception {
    MemorySource memory = copy(repos.backup(JdbcSource.of(from)));
    MemoryContents contents =
        MemoryContents.of(memory).missing("PUBLIC/tables/ROWS/rows", 5000, 10);

    IOException failure =
        assertThrows(
            IOException.class, () -> JdbcTarget.into(to).restore(contents, new RecordingContext()));

    assertTrue(String.valueOf(failure.getMessage()).contains("rows"), failure::toString);
    assertEquals(List.of(), tables(to));
  }

  @Test
  void restore_hostileRows_makeNothing() throws Exception {
    for (String rows :
        List.of(
            "",
            "ID integer",
            "ID integer\tT text\n1\n",
            "ID integer\tT text\n1\ta\tb\n",
            "ID integer\tT text\n1\ta",
            "ID integer\tT text\n1\t\\x\n",
            "ID integer\tT nothing\n1\ta\n",
            "ID integer\tID integer\n1\t1\n",
            "ID integer\n99999999999999999999\n",
            "\\N\n",
            "ID integer\tT array:int\n1\t{\n",
            "ID\" VALUES(1)-- integer\n1\n",
            "\t".repeat(20_000))) {
      MemorySource memory = copy(repos.backup(JdbcSource.of(from)));
      memory.file("PUBLIC/tables/ROWS/rows", rows);

      assertThrows(
          IOException.class,
          () -> JdbcTarget.into(to).restore(MemoryContents.of(memory), new RecordingContext()),
          rows);

      assertEquals(List.of(), tables(to), rows);
    }
  }

  @Test
  void restore_entryThePlanNeedsIsMissing_saysWhich() throws Exception {
    MemorySource memory = copy(repos.backup(JdbcSource.of(from)));
    memory.remove("PUBLIC/tables/ROWS/definition");

    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                JdbcTarget.into(to)
                    .tables("ROWS")
                    .restore(MemoryContents.of(memory), new RecordingContext()));

    assertTrue(String.valueOf(failure.getMessage()).contains("definition"), failure::toString);
  }

  @Test
  void restore_snapshotOfSomethingElse_saysSo() {
    MemoryContents contents = MemoryContents.of(new MemorySource().file("a.txt", "a"));

    IOException failure =
        assertThrows(
            IOException.class, () -> JdbcTarget.into(to).restore(contents, new RecordingContext()));

    assertTrue(String.valueOf(failure.getMessage()).contains("not one of a database"));
  }

  /** A driver that tells everything it was given. */
  private static final class Telling implements Driver {
    @Override
    public Connection connect(String url, Properties login) throws SQLException {
      throw new SQLException(
          "Cannot log in with " + login, "28000", new IllegalStateException(login.toString()));
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith("jdbc:telling:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties login) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }
  }

  @Test
  void password_toldByADriver_isShownNowhere() throws Exception {
    DriverManager.registerDriver(new Telling());
    Path file = Files.writeString(directory.resolve("password"), "s3cret-word\nsecond line\n");
    Source source =
        new JdbcSourceProvider()
            .create(
                List.of(Location.parse("jdbc:telling://db-1/orders?x=1")),
                Options.of(
                    "jdbc",
                    Map.of("user", List.of("app"), "password-file", List.of(file.toString()))));

    BackupException failure = assertThrows(BackupException.class, () -> repos.backup(source));

    StringWriter all = new StringWriter();
    failure.printStackTrace(new PrintWriter(all));
    assertFalse(all.toString().contains("s3cret-word"), all.toString());
    assertTrue(all.toString().contains("check user and password"), all.toString());
    assertEquals("jdbc:telling://db-1/orders", source.toString());
    assertEquals("jdbc:orders@db-1", source.identity().toString());
  }

  @Test
  void url_withALogin_isRefusedWithoutRepeatingIt() {
    for (String url :
        List.of(
            "jdbc:postgresql://app:s3cret@db/orders",
            "jdbc:postgresql://db/orders?user=app&password=s3cret",
            "jdbc:h2:mem:x;USER=sa;PASSWORD=s3cret",
            "jdbc:oracle:thin:scott/s3cret@db:1521/orders",
            "jdbc:mysql://(host=db,user=a,password=s3cret)/orders")) {
      ConfigurationException refused =
          assertThrows(ConfigurationException.class, () -> JdbcSource.of(url), url);
      assertFalse(String.valueOf(refused.getMessage()).contains("s3cret"), refused.getMessage());
    }
  }

  @Test
  void urls_sayNameAndHost() {
    assertEquals("jdbc:orders@db-1", identity("jdbc:postgresql://db-1:5432/orders?ssl=true"));
    assertEquals("jdbc:orders@db-1", identity("jdbc:mariadb://db-1,db-2:3307/orders"));
    assertEquals("jdbc:orders@fe80::7", identity("jdbc:postgresql://[fe80::7]:5432/orders"));
    assertEquals("jdbc:mysql@db-1", identity("jdbc:mysql://db-1/"));
    String here = dev.varve.SourceIdentity.thisHost();
    assertEquals("jdbc:orders@" + here, identity("jdbc:postgresql://localhost/orders"));
    assertEquals("jdbc:orders@" + here, identity("jdbc:postgresql:orders"));
    assertEquals("jdbc:app.db@" + here, identity("jdbc:sqlite:/var/lib/app.db"));
  }

  private static String identity(String url) {
    return JdbcSource.of(url).identity().toString();
  }

  private static List<List<String>> tables(String url) throws SQLException {
    return Databases.rows(
        url,
        "select table_name from information_schema.tables where table_schema<>'INFORMATION_SCHEMA'");
  }

  private MemorySource copy(Snapshot snapshot) throws IOException {
    MemorySource memory = new MemorySource();
    for (String path : repos.paths(snapshot)) {
      memory.file(path, repos.text(snapshot, path));
    }
    assertTrue(memory.entries().size() > 2);
    return memory;
  }
}
