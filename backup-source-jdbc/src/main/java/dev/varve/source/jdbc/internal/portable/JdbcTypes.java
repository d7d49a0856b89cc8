package dev.varve.source.jdbc.internal.portable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What sort of values JDBC says a column holds. Stateless. */
public final class JdbcTypes {

  /** Where drivers say a type has no bound they say something large. */
  private static final int UNBOUNDED = 1_000_000;

  private JdbcTypes() {}

  /** The columns of what a query would find. */
  public static List<RowColumn> columns(Connection connection, String query) throws SQLException {
    List<RowColumn> columns = new ArrayList<>();
    Product product = Product.of(connection);
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      ResultSetMetaData found = statement.getMetaData();
      for (int i = 1; i <= found.getColumnCount(); i++) {
        String type = Objects.requireNonNullElse(found.getColumnTypeName(i), "");
        columns.add(
            column(
                found.getColumnName(i),
                number(product, found.getColumnType(i)),
                // One bit is a truth value elsewhere.
                product == Product.POSTGRESQL && type.equals("bit") ? "varbit" : type,
                found.getPrecision(i),
                found.getScale(i)));
      }
    }
    return columns;
  }

  /** SQLite keeps 64 bits of every number, whatever its column is called. */
  private static int number(Product product, int jdbcType) {
    if (product != Product.SQLITE) {
      return jdbcType;
    }
    return switch (jdbcType) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> Types.BIGINT;
      case Types.REAL -> Types.DOUBLE;
      default -> jdbcType;
    };
  }

  /** A column as JDBC tells of it. */
  public static RowColumn column(String name, int jdbcType, String typeName, int size, int scale) {
    boolean large =
        switch (jdbcType) {
          case Types.BLOB,
              Types.CLOB,
              Types.NCLOB,
              Types.LONGVARBINARY,
              Types.LONGVARCHAR,
              Types.LONGNVARCHAR ->
              true;
          default -> false;
        };
    ColumnType type = type(jdbcType, typeName.toLowerCase(Locale.ROOT), size, scale);
    boolean streamed = type.kind() == Kind.BINARY || type.kind() == Kind.TEXT;
    return new RowColumn(name, type, large && streamed);
  }

  private static ColumnType type(int jdbcType, String name, int size, int scale) {
    int bound = size >= UNBOUNDED || size < 0 ? 0 : size;
    return switch (name) {
      case "bool", "boolean" -> ColumnType.of(Kind.BOOLEAN);
      case "uuid" -> ColumnType.of(Kind.UUID);
      case "json", "jsonb" -> new ColumnType(Kind.JSON, 0, 0, name);
      case "xml" -> ColumnType.of(Kind.XML);
      case "timestamptz" -> times(Kind.TIMESTAMPTZ, scale);
      case "timetz" -> times(Kind.TIMETZ, scale);
      case "year" -> ColumnType.of(Kind.SMALLINT);
      case "money" -> new ColumnType(Kind.OTHER, 0, 0, name);
      default ->
          name.startsWith("interval")
              ? new ColumnType(Kind.INTERVAL, 0, 0, name)
              : byNumber(jdbcType, name, bound, size, scale);
    };
  }

  private static ColumnType byNumber(int jdbcType, String name, int bound, int size, int scale) {
    boolean unsigned = name.contains("unsigned");
    return switch (jdbcType) {
      case Types.BOOLEAN -> ColumnType.of(Kind.BOOLEAN);
      case Types.BIT ->
          size <= 1 && !name.equals("varbit")
              ? ColumnType.of(Kind.BOOLEAN)
              : new ColumnType(Kind.BITS, bound, 0, "");
      case Types.TINYINT, Types.SMALLINT -> ColumnType.of(unsigned ? Kind.INTEGER : Kind.SMALLINT);
      case Types.INTEGER -> ColumnType.of(unsigned ? Kind.BIGINT : Kind.INTEGER);
      case Types.BIGINT ->
          unsigned ? new ColumnType(Kind.DECIMAL, 20, 0, "") : ColumnType.of(Kind.BIGINT);
      case Types.REAL -> ColumnType.of(Kind.REAL);
      case Types.FLOAT, Types.DOUBLE -> ColumnType.of(Kind.DOUBLE);
      case Types.DECIMAL, Types.NUMERIC ->
          name.startsWith("decfloat") || bound > 1000 || scale < 0
              ? ColumnType.of(Kind.DECIMAL)
              : new ColumnType(Kind.DECIMAL, bound, bound == 0 ? 0 : scale, "");
      case Types.CHAR, Types.NCHAR -> new ColumnType(Kind.CHAR, bound, 0, "");
      case Types.VARCHAR, Types.NVARCHAR -> new ColumnType(Kind.TEXT, bound, 0, "");
      case Types.LONGVARCHAR, Types.LONGNVARCHAR, Types.CLOB, Types.NCLOB ->
          ColumnType.of(Kind.TEXT);
      case Types.BINARY, Types.VARBINARY -> new ColumnType(Kind.BINARY, bound, 0, "");
      case Types.LONGVARBINARY, Types.BLOB, Types.JAVA_OBJECT -> ColumnType.of(Kind.BINARY);
      case Types.DATE -> ColumnType.of(Kind.DATE);
      case Types.TIME -> times(Kind.TIME, scale);
      case Types.TIME_WITH_TIMEZONE -> times(Kind.TIMETZ, scale);
      case Types.TIMESTAMP -> times(Kind.TIMESTAMP, scale);
      case Types.TIMESTAMP_WITH_TIMEZONE -> times(Kind.TIMESTAMPTZ, scale);
      case Types.SQLXML -> ColumnType.of(Kind.XML);
      case Types.ARRAY -> new ColumnType(Kind.ARRAY, 0, 0, element(name));
      default -> new ColumnType(Kind.OTHER, 0, 0, name);
    };
  }

  private static ColumnType times(Kind kind, int digits) {
    return new ColumnType(kind, Math.max(0, Math.min(digits, 9)), 0, "");
  }

  /** What drivers call arrays: {@code _int4}, {@code integer array}, {@code int4[]}. */
  private static String element(String name) {
    String plain = name.startsWith("_") ? name.substring(1) : name;
    int end = plain.indexOf(" array");
    int brackets = plain.indexOf('[');
    end = end < 0 ? brackets : end;
    return end < 0 ? plain : plain.substring(0, end);
  }
}
