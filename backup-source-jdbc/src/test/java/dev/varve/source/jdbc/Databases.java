package dev.varve.source.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Databases in this process, and what they hold. Stateless but for numbering. */
final class Databases {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private Databases() {}

  /** The URL of a new H2 database, which lives until the JVM ends. */
  static String h2() {
    return "jdbc:h2:mem:test" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1";
  }

  static String sqlite(Path directory) {
    return "jdbc:sqlite:" + directory.resolve("test" + NUMBER.incrementAndGet() + ".db");
  }

  static void run(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** All rows of a query, bytes in hexadecimal. */
  static List<List<String>> rows(String url, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      List<List<String>> rows = new ArrayList<>();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          boolean binary =
              switch (found.getMetaData().getColumnType(i)) {
                case Types.BINARY, Types.VARBINARY, Types.BLOB -> true;
                default -> false;
              };
          byte[] bytes = binary ? found.getBytes(i) : new byte[0];
          String text =
              binary
                  ? HexFormat.of().formatHex(bytes == null ? new byte[0] : bytes)
                  : found.getString(i);
          row.add(bytes == null ? "null" : String.valueOf(text));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  /** Everything a H2 database holds, as H2 itself says it. */
  static List<List<String>> all(String url) throws SQLException {
    return rows(url, "SCRIPT").stream()
        .filter(row -> !row.get(0).startsWith("--"))
        .map(row -> List.of(row.get(0).replaceAll(" SELECTIVITY \\d+", "")))
        .sorted((a, b) -> a.get(0).compareTo(b.get(0)))
        .toList();
  }
}
