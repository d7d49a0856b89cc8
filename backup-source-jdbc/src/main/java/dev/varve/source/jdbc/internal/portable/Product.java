package dev.varve.source.jdbc.internal.portable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What kinds of databases do differently from each other where tables are carried between them. */
public enum Product {
  /** PostgreSQL, and what speaks like it. */
  POSTGRESQL,
  /** H2. */
  H2,
  /** SQLite. */
  SQLITE,
  /** MariaDB and MySQL. */
  MARIADB,
  /** Any other, which is spoken to in standard SQL. */
  OTHER;

  /** The kind of the database of a connection. */
  public static Product of(Connection connection) throws SQLException {
    String name = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "postgresql" -> POSTGRESQL;
      case "h2" -> H2;
      case "sqlite" -> SQLITE;
      case "mariadb", "mysql" -> MARIADB;
      default -> OTHER;
    };
  }

  /** A name as it stands in a statement. */
  public String quoted(String name) {
    return this == MARIADB
        ? '`' + name.replace("`", "``") + '`'
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A table's name as it stands in a statement. */
  public String quoted(String schema, String table) {
    return schema.isEmpty() || this == SQLITE
        ? quoted(table)
        : quoted(schema) + '.' + quoted(table);
  }

  /** Names as they stand between parentheses. */
  public String quoted(List<String> names) {
    return names.stream().map(this::quoted).collect(Collectors.joining(", "));
  }

  /** Whether what a transaction defines is gone when it is rolled back. */
  public boolean definesInTransactions() {
    return this == POSTGRESQL || this == SQLITE;
  }

  /** How many rows are sent at once; within a process that saves nothing. */
  int batchRows() {
    return this == SQLITE ? 1 : 500;
  }

  /** Whether infinity is a date. */
  boolean hasInfinity() {
    return this == POSTGRESQL;
  }

  /** Whether a column may hold values of any sort, whatever its type says. */
  boolean takesAnySort() {
    return this == SQLITE;
  }

  /** Whether dates and times are kept as text. */
  boolean keepsTimesAsText() {
    return this == SQLITE;
  }

  /** Whether there are columns of arrays. */
  boolean hasArrays() {
    return this == POSTGRESQL || this == H2;
  }

  /** A column's type in this database; whole where it can be, else as text or bytes. */
  public String type(ColumnType type, boolean inKey) {
    int n = type.precision();
    return switch (type.kind()) {
      case BOOLEAN -> "BOOLEAN";
      case SMALLINT -> "SMALLINT";
      case INTEGER -> "INTEGER";
      case BIGINT -> "BIGINT";
      case DECIMAL -> decimal(type);
      case REAL -> this == MARIADB ? "FLOAT" : "REAL";
      case DOUBLE -> this == SQLITE ? "REAL" : "DOUBLE PRECISION";
      case CHAR -> n > 0 ? "CHAR(" + n + ")" : text(0, inKey);
      case TEXT -> text(n, inKey);
      case BINARY -> binary(n, inKey);
      case DATE -> this == SQLITE ? "TEXT" : "DATE";
      case TIME -> this == SQLITE ? "TEXT" : "TIME" + digits(n);
      case TIMETZ ->
          this == SQLITE || this == MARIADB
              ? text(40, inKey)
              : "TIME" + digits(n) + " WITH TIME ZONE";
      case TIMESTAMP ->
          this == SQLITE ? "TEXT" : (this == MARIADB ? "DATETIME" : "TIMESTAMP") + digits(n);
      case TIMESTAMPTZ ->
          this == SQLITE || this == MARIADB
              ? text(50, inKey)
              : "TIMESTAMP" + digits(n) + " WITH TIME ZONE";
      case INTERVAL -> this == POSTGRESQL ? "INTERVAL" : text(100, inKey);
      case UUID -> this == POSTGRESQL || this == H2 || this == MARIADB ? "UUID" : text(36, inKey);
      case JSON ->
          switch (this) {
            case POSTGRESQL -> "jsonb".equals(type.detail()) ? "JSONB" : "JSON";
            case H2, MARIADB -> "JSON";
            default -> text(0, inKey);
          };
      case XML -> this == POSTGRESQL ? "XML" : text(0, inKey);
      case BITS ->
          this == POSTGRESQL ? "BIT VARYING" + (n > 0 ? "(" + n + ")" : "") : text(n, inKey);
      case ARRAY -> hasArrays() ? array(type) : text(0, inKey);
      case ANY -> this == SQLITE ? "" : text(0, inKey);
      case OTHER -> text(0, inKey);
    };
  }

  /** To PostgreSQL an array of arrays is an array like any other. */
  private String array(ColumnType type) {
    boolean deep = this != POSTGRESQL;
    return elementType(type) + (deep ? " ARRAY".repeat(dimensions(type)) : " ARRAY");
  }

  private static int dimensions(ColumnType array) {
    return 1 + (int) array.detail().chars().filter(c -> c == '[').count();
  }

  /** What elements of an array are called when it is made. */
  String elementType(ColumnType array) {
    String name = array.detail().toLowerCase(Locale.ROOT).replace("[]", "");
    return switch (name) {
      case "int2", "smallint" -> "SMALLINT";
      case "int4", "integer", "int" -> "INTEGER";
      case "int8", "bigint" -> "BIGINT";
      case "float4", "real" -> "REAL";
      case "float8", "double precision", "double" -> "DOUBLE PRECISION";
      case "numeric", "decimal" -> this == H2 ? "DECFLOAT(1000)" : "NUMERIC";
      case "bool", "boolean" -> "BOOLEAN";
      case "uuid" -> "UUID";
      case "date" -> "DATE";
      default -> this == H2 ? "VARCHAR" : "TEXT";
    };
  }

  private String decimal(ColumnType type) {
    if (this == SQLITE) {
      // It makes binary fractions of numbers, which keep so many digits; text keeps all.
      return type.precision() > 0 && type.precision() <= 15 ? "NUMERIC" : "TEXT";
    }
    if (type.precision() > 0 && !(this == MARIADB && type.precision() > 65)) {
      return "DECIMAL(" + type.precision() + ", " + type.scale() + ")";
    }
    return switch (this) {
      case H2 -> "DECFLOAT(1000)";
      case MARIADB -> "DECIMAL(65, 30)";
      case OTHER -> "DECIMAL(38, 10)";
      default -> "NUMERIC";
    };
  }

  private String digits(int digits) {
    int most = this == H2 ? 9 : 6;
    return "(" + Math.min(digits == 0 ? most : digits, most) + ")";
  }

  private String text(int characters, boolean inKey) {
    boolean bounded = characters > 0 && characters <= (this == MARIADB ? 16_000 : 1_000_000);
    return switch (this) {
      case SQLITE -> "TEXT";
      case POSTGRESQL -> bounded ? "VARCHAR(" + characters + ")" : "TEXT";
      case H2 -> bounded ? "VARCHAR(" + characters + ")" : inKey ? "VARCHAR" : "CLOB";
      case MARIADB -> bounded ? "VARCHAR(" + characters + ")" : inKey ? "VARCHAR(700)" : "LONGTEXT";
      case OTHER -> bounded ? "VARCHAR(" + characters + ")" : inKey ? "VARCHAR(1000)" : "CLOB";
    };
  }

  private String binary(int bytes, boolean inKey) {
    boolean bounded = bytes > 0 && bytes <= (this == MARIADB ? 16_000 : 1_000_000);
    return switch (this) {
      case SQLITE -> "BLOB";
      case POSTGRESQL -> "BYTEA";
      case H2 -> bounded ? "VARBINARY(" + bytes + ")" : inKey ? "VARBINARY" : "BLOB";
      case MARIADB -> bounded ? "VARBINARY(" + bytes + ")" : inKey ? "VARBINARY(700)" : "LONGBLOB";
      case OTHER -> bounded ? "VARBINARY(" + bytes + ")" : inKey ? "VARBINARY(1000)" : "BLOB";
    };
  }
}
