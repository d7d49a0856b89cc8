package dev.varve.source.jdbc.internal.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the catalogs of one database by one connection. Used by one thread. Its queries come with
 * names made safe by {@code quote_ident} on the server, which knows its keywords.
 */
final class Catalog {

  /** Which schemas hold what a user made; for queries that call {@code pg_namespace} {@code n}. */
  static final String USER_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

  private final Connection connection;
  private final int version;
  private Set<Occurrence> occurring = Set.of();
  private boolean looked;

  /** Makes something of the row a result stands at. */
  interface Shape<T> {
    T of(Row row) throws SQLException;
  }

  /** Does something with the row a result stands at. */
  interface Visit {
    void row(Row row) throws SQLException;
  }

  /** The row a result stands at. */
  record Row(ResultSet result) {

    /** A text; empty where it is null. */
    String text(String column) throws SQLException {
      String text = result.getString(column);
      return result.wasNull() ? "" : text;
    }

    Optional<String> optional(String column) throws SQLException {
      String text = result.getString(column);
      return result.wasNull() ? Optional.empty() : Optional.of(text);
    }

    long number(String column) throws SQLException {
      return result.getLong(column);
    }

    boolean is(String column) throws SQLException {
      return result.getBoolean(column);
    }

    /** The texts of an array; none where it is null. */
    List<String> texts(String column) throws SQLException {
      java.sql.Array array = result.getArray(column);
      return result.wasNull() ? List.of() : List.of((String[]) array.getArray());
    }
  }

  Catalog(Connection connection) throws SQLException {
    this.connection = connection;
    this.version =
        first(
            "SELECT current_setting('server_version_num')::int / 10000 AS main",
            r -> (int) r.number("main"));
  }

  /** The server's main version, e.g. 16. */
  int version() {
    return version;
  }

  /** One of two pieces of SQL, by the version that brought the first. */
  String since(int first, String then, String before) {
    return version >= first ? then : before;
  }

  /** Whether the database has anything of a kind, as it was when this was first asked. */
  boolean has(Occurrence kind) throws SQLException {
    if (!looked) {
      occurring = Occurrence.in(this);
      looked = true;
    }
    return occurring.contains(kind);
  }

  void visit(String sql, Visit visit) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(2000);
      try (ResultSet result = statement.executeQuery(sql)) {
        Row row = new Row(result);
        while (result.next()) {
          visit.row(row);
        }
      }
    }
  }

  <T> List<T> list(String sql, Shape<T> shape) throws SQLException {
    List<T> all = new ArrayList<>();
    visit(sql, row -> all.add(shape.of(row)));
    return all;
  }

  <T> T first(String sql, Shape<T> shape) throws SQLException {
    return list(sql, shape).get(0);
  }

  /** A condition: nothing an extension brought along. */
  static String own(String catalog, String oid) {
    return "NOT EXISTS (SELECT FROM pg_depend own WHERE own.classid = '"
        + catalog
        + "'::regclass AND own.objid = "
        + oid
        + " AND own.deptype = 'e')";
  }
}
