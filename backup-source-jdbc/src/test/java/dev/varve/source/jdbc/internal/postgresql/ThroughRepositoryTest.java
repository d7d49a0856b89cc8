package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.Snapshot;
import dev.varve.Statistics;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.jdbc.JdbcScript;
import dev.varve.source.jdbc.JdbcSource;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases into a repository and out of it. */
class ThroughRepositoryTest {

  private static final boolean DEEP = Boolean.getBoolean("varve.deep");

  @TempDir Path directory;

  private final Repository repository =
      Repository.create(
          new MemoryStore(),
          KeyFile.generate(),
          RepositoryOptions.builder()
              .withoutCache()
              .withoutState()
              .parallelism(2)
              .chunkSizes(4 << 10, 16 << 10, 64 << 10)
              .build());

  @AfterEach
  void close() {
    repository.close();
  }

  private Snapshot backup(String database) {
    return repository
        .backup(JdbcSource.of(() -> Server.connect(database)).named(database).connections(2))
        .snapshot();
  }

  @Test
  void restore_oneOfEverything_isTheSame() throws SQLException, IOException {
    String source = Everything.database();
    Snapshot snapshot = backup(source);
    String target = Server.fresh();
    assertTrue(
        repository.restore(snapshot, JdbcTarget.into(() -> Server.connect(target))).complete());
    assertEquals(Judge.rows(source), Judge.rows(target));
    assertEquals(
        List.of(),
        Judge.differences(Judge.definitions(source), Judge.definitions(target)).stream()
            .filter(line -> !line.contains("==="))
            .toList());
  }

  @Test
  void entries_haveNamesPeopleExpect() throws SQLException, IOException {
    Snapshot snapshot = backup(Everything.database());
    List<String> paths;
    try (Stream<dev.varve.Entry> entries = repository.entries(snapshot)) {
      paths = entries.map(entry -> entry.path().toString()).toList();
    }
    for (String expected :
        List.of(
            "shop/tables/orders/rows",
            "shop/tables/orders/table.sql",
            "shop/tables/orders/keys/orders_pkey.sql",
            "shop/tables/orders/foreign-keys/to_customer.sql",
            "shop/views/safe/view.sql",
            "shop/functions/new_style(a integer, VARIADIC b integer[]).sql",
            "database/extensions/citext.sql")) {
      assertTrue(paths.contains(expected), () -> expected + " is not among " + paths);
    }
  }

  @Test
  void restore_someTables_bringsThemAndWhatTheyNeed() throws SQLException, IOException {
    String source = Everything.database();
    Snapshot snapshot = backup(source);
    String target = Server.fresh();
    repository.restore(
        snapshot,
        JdbcTarget.into(() -> Server.connect(target)).tables("shop.customers", "shop.parts*"));
    assertEquals(
        "customers,parts,parts_0,parts_1",
        Server.ask(
            target,
            "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relkind IN ('r',"
                + " 'p') AND relnamespace = 'shop'::regnamespace"));
    assertEquals(
        Judge.rows(source).get("shop.customers"), Judge.rows(target).get("shop.customers"));
    assertEquals("500", Server.ask(target, "SELECT count(*) FROM shop.parts"));
  }

  @Test
  void script_readByPsql_isTheSame() throws Exception {
    assumeTrue(found("psql"), "psql is not installed");
    String source = Everything.database();
    Snapshot snapshot = backup(source);
    Path script = directory.resolve("script.sql");
    try (OutputStream out = Files.newOutputStream(script)) {
      repository.restore(snapshot, JdbcScript.to(out));
    }
    String target = Server.fresh();
    Path log = directory.resolve("log");
    ProcessBuilder psql =
        new ProcessBuilder(
                "psql",
                "-X",
                "-q",
                "-o",
                directory.resolve("answers").toString(),
                "-f",
                script.toString(),
                Server.place(target))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    psql.environment().put("PGPASSWORD", Server.password());
    int code = psql.start().waitFor();
    assertEquals(0, code, Files.readString(log));
    assertEquals(Judge.rows(source), Judge.rows(target));
    assertEquals(
        List.of(),
        Judge.differences(Judge.definitions(source), Judge.definitions(target)).stream()
            .filter(line -> !line.contains("==="))
            .toList());
  }

  private static boolean found(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @Test
  void backup_onePercentUpdatedOnePercentAppended_addsLittle() throws SQLException {
    // So many that the chunks around what changed, which the key chooses, are nowhere near a
    // percent.
    int rows = DEEP ? 1_500_000 : 240_000;
    String database = Server.fresh();
    Server.run(
        database,
        "CREATE TABLE public.accounts (id integer PRIMARY KEY, at timestamptz, name text, note text);"
            + " INSERT INTO public.accounts SELECT i, timestamptz '2026-01-01 00:00+00' + i * interval"
            + " '1 second', md5(i::text), md5((i * 7)::text) || md5((i * 11)::text) FROM"
            + " generate_series(1, "
            + rows
            + ") i");
    Server.run(database, "VACUUM public.accounts");
    Statistics first = repository.backup(source(database)).statistics();
    Server.run(
        database,
        "UPDATE public.accounts SET note = md5(note) || md5(name) WHERE id BETWEEN "
            + rows / 3
            + " AND "
            + (rows / 3 + rows / 100));
    Server.run(
        database,
        "INSERT INTO public.accounts SELECT i, timestamptz '2026-06-01 00:00+00', md5(i::text),"
            + " md5((i * 7)::text) || md5((i * 11)::text) FROM generate_series("
            + (rows + 1)
            + ", "
            + (rows + rows / 100)
            + ") i");
    Statistics second = repository.backup(source(database)).statistics();
    double share = (double) second.addedBytes() / first.addedBytes();
    assertTrue(share <= 0.04, () -> "the second backup adds " + share + " of the first");
    Server.run(
        database, "UPDATE public.accounts SET note = md5(note) || md5(name) WHERE id % 100 = 0");
    Statistics third = repository.backup(source(database)).statistics();
    System.out.println("spread over all rows: " + (double) third.addedBytes() / first.addedBytes());
  }

  private static JdbcSource source(String database) {
    return JdbcSource.of(() -> Server.connect(database)).named("accounts");
  }

  @Test
  void backup_whileWritersMoveMoney_restoresTheRightSum() throws Exception {
    String database = Server.fresh();
    Server.run(
        database,
        "CREATE TABLE public.a (id integer PRIMARY KEY, cents bigint, filler text);"
            + " CREATE TABLE public.b (id integer PRIMARY KEY, cents bigint, filler text);"
            + " INSERT INTO public.a SELECT i, 1000, repeat('x', 100) FROM generate_series(1, 3000) i;"
            + " INSERT INTO public.b SELECT i, 1000, repeat('x', 100) FROM generate_series(1, 3000)"
            + " i");
    try (Writers writers = Writers.start(database, 2)) {
      for (int round = 0; round < (DEEP ? 50 : 3); round++) {
        writers.awaitMoves(20);
        Snapshot snapshot = backup(database);
        String target = Server.fresh();
        repository.restore(snapshot, JdbcTarget.into(() -> Server.connect(target)));
        assertEquals(
            "6000000",
            Server.ask(
                target,
                "SELECT (SELECT sum(cents) FROM public.a) + (SELECT sum(cents) FROM public.b)"));
      }
    }
  }
}
