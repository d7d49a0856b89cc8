package dev.varve.mariadbtests;

import dev.varve.Snapshot;
import dev.varve.mariadbtests.MariaDbServer.Driver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Schemas and rows made by chance, of every type, come back as they were. */
class RandomSchemasTest {

  private static final long NANOS =
      Boolean.getBoolean("varve.deep") ? 600_000_000_000L : 6_000_000_000L;

  private static final List<String> CHARSETS =
      List.of(
          "utf8mb4", "utf8mb3", "latin1", "sjis", "gbk", "big5", "ucs2", "utf16", "utf32",
          "cp1251");

  private final MariaDbServer server = MariaDbServer.shared();
  private final long seed = Long.getLong("varve.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void restore_equals() {
    System.out.println("RandomSchemasTest -Dvarve.seed=" + seed);
    long end = System.nanoTime() + NANOS;
    List<Driver> drivers = List.of(Driver.values());
    int round = 0;
    do {
      String schema = server.newSchema();
      server.run(schema, statements());
      Driver driver = drivers.get(round++ % drivers.size());
      try (Backups backups = new Backups(server)) {
        Snapshot snapshot = backups.report(backups.source(driver, schema)).snapshot();
        String copy = schema + "_copy";
        server.run("", "DROP DATABASE IF EXISTS " + copy);
        backups.restore(snapshot, backups.target(driver).schema(schema, copy));
        Judge.assertEqual(server, schema, server, copy);
        server.run("", "DROP DATABASE " + schema, "DROP DATABASE " + copy);
      }
    } while (System.nanoTime() < end);
  }

  /** A type and how a value of it is written. */
  private record Type(String sql, Value value) {}

  private interface Value {
    String next();
  }

  private List<String> statements() {
    List<String> statements = new ArrayList<>();
    statements.add("SET sql_mode='ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', time_zone='+00:00'");
    int tables = 1 + random.nextInt(3);
    for (int t = 0; t < tables; t++) {
      List<Type> types = new ArrayList<>();
      int columns = 1 + random.nextInt(12);
      for (int c = 0; c < columns; c++) {
        types.add(type());
      }
      StringBuilder create = new StringBuilder("CREATE TABLE t" + t + " (");
      Type key = random.nextBoolean() ? new Type("INT", () -> "") : keyType();
      boolean keyed = random.nextInt(4) > 0;
      create.append("k ").append(key.sql).append(" NOT NULL");
      for (int c = 0; c < columns; c++) {
        create.append(", c").append(c).append(' ').append(types.get(c).sql);
      }
      create.append(keyed ? ", PRIMARY KEY (k))" : ")");
      statements.add(create + " ENGINE=" + (random.nextInt(6) == 0 ? "MyISAM" : "InnoDB"));
      int rows = random.nextInt(20);
      for (int r = 0; r < rows; r++) {
        StringBuilder insert = new StringBuilder("REPLACE INTO t" + t + " VALUES (");
        String value = key.value.next();
        insert.append(value.isEmpty() ? "" + (r - 3) : value);
        for (Type type : types) {
          insert.append(',').append(random.nextInt(5) == 0 ? "NULL" : type.value.next());
        }
        statements.add(insert + ")");
      }
    }
    return statements;
  }

  private Type keyType() {
    return switch (random.nextInt(4)) {
      case 0 -> new Type("VARCHAR(40) CHARACTER SET latin1", () -> text("latin1", 30));
      case 1 -> new Type("VARBINARY(40)", () -> bytes(30));
      case 2 -> new Type("DECIMAL(20,5)", this::decimal);
      default -> new Type("DATETIME(3)", this::time);
    };
  }

  private Type type() {
    String charset = CHARSETS.get(random.nextInt(CHARSETS.size()));
    int bits = 1 + random.nextInt(64);
    return switch (random.nextInt(20)) {
      case 0 -> new Type("TINYINT", () -> "" + (byte) random.nextInt());
      case 1 -> new Type("BIGINT UNSIGNED", () -> Long.toUnsignedString(random.nextLong()));
      case 2 -> new Type("BIGINT", () -> "" + random.nextLong());
      case 3 -> new Type("DECIMAL(20,5)", this::decimal);
      case 4 -> new Type("DOUBLE", () -> finite(Double.longBitsToDouble(random.nextLong())));
      case 5 -> new Type("FLOAT", () -> finite(Float.intBitsToFloat(random.nextInt())));
      case 6 ->
          new Type(
              "BIT(" + bits + ")", () -> Long.toUnsignedString(random.nextLong() >>> (64 - bits)));
      case 7 -> new Type("DATETIME(6)", this::time);
      case 8 ->
          new Type("DATE", () -> "'" + random.nextInt(9999) + "-0" + random.nextInt(9) + "-00'");
      case 9 ->
          new Type(
              "TIME(3)",
              () -> "'" + (random.nextInt(1600) - 800) + ":59:0" + random.nextInt(9) + ".123'");
      case 10 -> new Type("VARCHAR(100) CHARACTER SET " + charset, () -> text(charset, 90));
      case 11 -> new Type("LONGTEXT CHARACTER SET " + charset, () -> text(charset, 2000));
      case 12 -> new Type("CHAR(30) CHARACTER SET " + charset, () -> text(charset, 30));
      case 13 -> new Type("VARBINARY(300)", () -> bytes(300));
      case 14 -> new Type("LONGBLOB", () -> bytes(3000));
      case 15 -> new Type("BINARY(10)", () -> bytes(10));
      case 16 ->
          new Type("ENUM('a','b''','ü\\\\') CHARACTER SET utf8mb4", () -> "" + random.nextInt(4));
      case 17 -> new Type("SET('a','b','c')", () -> "" + random.nextInt(8));
      case 18 ->
          new Type(
              "GEOMETRY",
              () ->
                  "ST_GeomFromText('POINT("
                      + random.nextInt()
                      + " 1.5)',"
                      + random.nextInt(5)
                      + ")");
      default -> new Type("UUID", () -> "'" + new UUID(random.nextLong(), 1) + "'");
    };
  }

  private static String finite(double value) {
    return "'" + (Double.isFinite(value) ? value : 0.1) + "'";
  }

  private static String finite(float value) {
    return "'" + (Float.isFinite(value) ? value : 0.1f) + "'";
  }

  private String decimal() {
    return (random.nextLong() % 100_000_000_000_000L) + "." + random.nextInt(99999);
  }

  private String time() {
    return random.nextInt(5) == 0
        ? "'0000-00-00 00:00:00'"
        : "'"
            + (1000 + random.nextInt(8999))
            + "-0"
            + random.nextInt(10)
            + "-3"
            + random.nextInt(2)
            + " 12:34:56."
            + random.nextInt(1_000_000)
            + "'";
  }

  private String bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      // Those that mean something to those who separate values.
      bytes[i] =
          random.nextInt(3) == 0 ? (byte) "\t\n\\N\0\r\u001a'".charAt(random.nextInt(8)) : bytes[i];
    }
    StringBuilder hex = new StringBuilder("x'");
    for (byte b : bytes) {
      hex.append(String.format("%02x", b));
    }
    return hex.append('\'').toString();
  }

  private String text(String charset, int most) {
    StringBuilder hex = new StringBuilder("CONVERT(_utf8mb4 x'");
    int characters = random.nextInt(most);
    for (int i = 0; i < characters; i++) {
      int c =
          switch (random.nextInt(5)) {
            case 0 -> "\t\n\\N\r\u001a'\"".charAt(random.nextInt(8));
            case 1 -> 0xc0 + random.nextInt(64);
            case 2 -> 0x4e00 + random.nextInt(500);
            case 3 -> random.nextInt(10) == 0 ? 0x1f600 : 0x430 + random.nextInt(30);
            default -> 'a' + random.nextInt(26);
          };
      for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
        hex.append(String.format("%02x", b));
      }
    }
    return hex + "' USING " + charset + ")";
  }
}
