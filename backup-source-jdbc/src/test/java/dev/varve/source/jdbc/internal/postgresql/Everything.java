package dev.varve.source.jdbc.internal.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

/** A database with one of everything. */
final class Everything {

  private static final List<String> ROLES =
      List.of("varve_owner", "varve_reader", "\"varve Odd \"\"role\"\"\"");

  private Everything() {}

  /** Makes one; roles belong to the server, so they may be there. */
  static String database() throws SQLException, IOException {
    String database = Server.fresh();
    String sql = read("everything.sql");
    if (!Server.ask("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = 'varve_owner'")
        .equals("0")) {
      for (String role : ROLES) {
        sql = sql.replace("CREATE ROLE " + role + ";", "");
      }
    }
    int version = Server.version();
    runAll(database, understood(sql, version));
    if (version >= 18) {
      runAll(database, read("everything-18.sql"));
    }
    return database;
  }

  /** Older servers do not know everything. */
  private static String understood(String sql, int version) {
    String known = sql;
    if (version < 15) {
      known = known.replace(" NULLS NOT DISTINCT", "");
    }
    if (version < 14) {
      known =
          known
              .replace(", multirange_type_name = shop.word_spans", "")
              .replace("shop.word_spans(shop.word_span('a' || i, 'b'))", "NULL")
              .replace("shop.word_spans", "text")
              .replaceAll("(?m)^.*(SET COMPRESSION|BEGIN ATOMIC).*$", "")
              .replaceAll("INOUT n integer, OUT m text(.*) m := 'x;y';", "INOUT n integer$1");
    }
    return known;
  }

  /** Each statement ends a line, and nothing else in these files ends one with a semicolon. */
  private static void runAll(String database, String sql) throws SQLException {
    try (Connection connection = Server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (String one : sql.split(";\n", -1)) {
        if (!one.isBlank()) {
          statement.execute(one);
        }
      }
    }
  }

  private static String read(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Everything.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
