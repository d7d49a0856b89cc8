package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Snapshot;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random tables with random rows of every type come back as they were. */
class RandomTablesTest {

  private static final long NANOS =
      Boolean.getBoolean("varve.deep") ? 60_000_000_000L : 5_000_000_000L;

  private static final String[] TYPES = {
    "boolean",
    "tinyint",
    "smallint",
    "int",
    "bigint",
    "decimal(30,7)",
    "decfloat(50)",
    "real",
    "double precision",
    "char(7)",
    "varchar",
    "varchar(300)",
    "clob",
    "varbinary",
    "blob",
    "date",
    "time(9)",
    "timestamp(9)",
    "timestamp(9) with time zone",
    "uuid",
    "json",
    "int array",
    "varchar array",
    "interval day to second(9)",
    "binary(5)"
  };

  @TempDir Path directory;

  @Test
  void h2_nativeAndPortable_areTheSame() throws Exception {
    long seed = System.nanoTime();
    System.out.println("Random tables by seed " + seed);
    Random random = new Random(seed);
    long end = System.nanoTime() + NANOS;
    int rounds = 0;
    do {
      String from = Databases.h2();
      List<String> tables = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        tables.add(makeTable(from, i, random));
      }
      for (boolean portable : new boolean[] {false, true}) {
        String to = Databases.h2();
        try (Repos repos = new Repos()) {
          JdbcSource source = JdbcSource.of(from);
          Snapshot snapshot = repos.backup(portable ? source.portable() : source);
          assertTrue(repos.restore(snapshot, JdbcTarget.into(to)).complete(), "seed " + seed);
        }
        for (String table : tables) {
          String query = "select * from " + table + " order by 1";
          assertEquals(Databases.rows(from, query), Databases.rows(to, query), "seed " + seed);
        }
        Databases.run(to, "shutdown");
      }
      Databases.run(from, "shutdown");
      rounds++;
    } while (System.nanoTime() < end);
    assertTrue(rounds > 0);
  }

  /** A value has any sort in any column. */
  @Test
  void sqlite_anyValueInAnyColumn_isTheSame() throws Exception {
    long seed = System.nanoTime();
    System.out.println("Random values by seed " + seed);
    Random random = new Random(seed);
    String from = Databases.sqlite(directory);
    String to = Databases.sqlite(directory);
    String[] types = {"", "int", "text", "blob", "real", "numeric", "boolean", "date"};
    StringBuilder exact = new StringBuilder("select count(*)");
    StringBuilder columns = new StringBuilder("id integer primary key");
    for (int i = 0; i < types.length; i++) {
      columns.append(", c").append(i).append(' ').append(types[i]);
      exact.append(", group_concat(typeof(c" + i + ") || hex(c" + i + "))");
    }
    try (Connection connection = DriverManager.getConnection(from);
        Statement statement = connection.createStatement()) {
      statement.execute("create table t(" + columns + ")");
      connection.setAutoCommit(false);
      String marks = ",?".repeat(types.length);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into t values(null" + marks + ")")) {
        for (int row = 0; row < 2000; row++) {
          for (int i = 1; i <= types.length; i++) {
            switch (random.nextInt(6)) {
              case 0 -> insert.setObject(i, null);
              case 1 -> insert.setLong(i, random.nextLong() >> random.nextInt(64));
              case 2 -> insert.setDouble(i, Double.longBitsToDouble(random.nextLong()));
              case 3 -> insert.setString(i, text(random));
              case 4 -> insert.setString(i, String.valueOf(random.nextInt(1000)));
              default -> insert.setBytes(i, bytes(random));
            }
          }
          insert.executeUpdate();
        }
      }
      connection.commit();
    }
    try (Repos repos = new Repos()) {
      repos.restore(repos.backup(JdbcSource.of(from)), JdbcTarget.into(to));
    }

    String query = exact + " from (select * from t order by id)";
    assertEquals(Databases.rows(from, query), Databases.rows(to, query), "seed " + seed);
  }

  private static String makeTable(String url, int number, Random random) throws Exception {
    String name = "\"t " + number + (random.nextBoolean() ? "/é\"\"" : "") + "\"";
    List<String> types = new ArrayList<>();
    StringBuilder sql = new StringBuilder("create table " + name + "(\"id\" int");
    sql.append(random.nextBoolean() ? " primary key" : " generated always as identity");
    for (int i = 0; i < 1 + random.nextInt(12); i++) {
      String type = TYPES[random.nextInt(TYPES.length)];
      types.add(type);
      sql.append(", \"c ").append(i).append("\" ").append(type);
    }
    Databases.run(url, sql + ")");
    String marks = ",?".repeat(types.size());
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into " + name + " overriding system value values(?" + marks + ")")) {
      int rows = random.nextInt(50);
      for (int row = 0; row < rows; row++) {
        insert.setInt(1, row * 3 - 7);
        for (int i = 0; i < types.size(); i++) {
          Object value = random.nextInt(5) == 0 ? null : value(types.get(i), random, connection);
          insert.setObject(i + 2, value);
        }
        insert.executeUpdate();
      }
    }
    return name;
  }

  private static @Nullable Object value(String type, Random random, Connection connection)
      throws Exception {
    return switch (type) {
      case "boolean" -> random.nextBoolean();
      case "tinyint" -> (byte) random.nextInt();
      case "smallint" -> (short) random.nextInt();
      case "int" -> random.nextInt();
      case "bigint" -> random.nextLong();
      case "decimal(30,7)" -> new BigDecimal(new BigInteger(75, random), 7);
      case "decfloat(50)" ->
          new BigDecimal(new BigInteger(random.nextInt(150), random), random.nextInt(200) - 100);
      case "real" -> Float.intBitsToFloat(random.nextInt());
      case "double precision" -> Double.longBitsToDouble(random.nextLong());
      case "char(7)" -> "x".repeat(random.nextInt(7));
      case "varchar", "varchar(300)", "clob" -> text(random);
      case "varbinary", "blob" -> bytes(random);
      case "binary(5)" -> "12345".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      case "date" -> LocalDate.ofEpochDay(random.nextInt(8_000_000) - 4_000_000);
      case "time(9)" -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
      case "timestamp(9)" -> moment(random);
      case "timestamp(9) with time zone" ->
          OffsetDateTime.of(
              moment(random), ZoneOffset.ofTotalSeconds(random.nextInt(72_000) - 36_000));
      case "uuid" -> new UUID(random.nextLong(), random.nextLong());
      case "json" ->
          ("{\"a\":[" + random.nextInt() + ",\"é\",null]}")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      case "int array" -> connection.createArrayOf("int", new Object[] {1, null, random.nextInt()});
      case "varchar array" ->
          connection.createArrayOf("varchar", new Object[] {text(random), null});
      default ->
          java.time.Duration.ofSeconds(random.nextInt(8_000_000), random.nextInt(1_000_000_000));
    };
  }

  private static LocalDateTime moment(Random random) {
    return LocalDateTime.ofEpochSecond(
        random.nextLong(400_000_000_000L) - 200_000_000_000L,
        random.nextInt(1_000_000_000),
        ZoneOffset.UTC);
  }

  private static String text(Random random) {
    int[] characters = {
      0, '\t', '\n', '\r', '\\', 'N', '\'', '"', 'a', 'é', '€', 0x1f600, ';', '%'
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(60)];
    random.nextBytes(bytes);
    return bytes;
  }
}
