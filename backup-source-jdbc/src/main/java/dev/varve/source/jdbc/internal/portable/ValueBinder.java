package dev.varve.source.jdbc.internal.portable;

import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives values of a rows content to a statement. Used by one thread. */
final class ValueBinder {

  private final Connection connection;
  private final Product product;

  ValueBinder(Connection connection, Product product) {
    this.connection = connection;
    this.product = product;
  }

  void bind(PreparedStatement to, int index, ColumnType type, RowDecoder row, int field)
      throws SQLException, IOException {
    try {
      if (row.isNull(field)) {
        to.setNull(index, Types.NULL);
      } else if (row.isSpooled(field)) {
        large(to, index, type, row, field);
      } else {
        small(to, index, type, row, field);
      }
    } catch (NumberFormatException | DateTimeException notOne) {
      throw new IOException(where(row, field) + " no " + type + ": " + notOne.getMessage(), notOne);
    }
  }

  private static String where(RowDecoder row, int field) {
    return "Row " + row.count() + " has in column " + row.columns().get(field).name();
  }

  private void small(PreparedStatement to, int index, ColumnType type, RowDecoder row, int field)
      throws SQLException, IOException {
    switch (type.kind()) {
      case BINARY -> to.setBytes(index, row.bytes(field));
      case ANY -> any(to, index, row.bytes(field));
      default -> text(to, index, type, row.text(field));
    }
  }

  private void text(PreparedStatement to, int index, ColumnType type, String text)
      throws SQLException, IOException {
    switch (type.kind()) {
      case BOOLEAN -> to.setBoolean(index, bool(text));
      case SMALLINT, INTEGER, BIGINT -> to.setLong(index, Long.parseLong(text));
      case DECIMAL -> decimal(to, index, text);
      case REAL, DOUBLE -> fraction(to, index, type.kind(), text);
      case DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> time(to, index, type.kind(), text);
      case UUID -> {
        UUID uuid = uuid(text);
        if (product == Product.POSTGRESQL || product == Product.H2) {
          to.setObject(index, uuid);
        } else {
          to.setString(index, uuid.toString());
        }
      }
      case JSON -> {
        if (product == Product.H2) {
          to.setBytes(index, text.getBytes(StandardCharsets.UTF_8));
        } else {
          own(to, index, text);
        }
      }
      case XML, INTERVAL, BITS -> own(to, index, text);
      case ARRAY -> {
        if (product.hasArrays()) {
          String element = product.elementType(type);
          @Nullable Object[] elements = ArrayText.parse(text, value -> element(element, value));
          to.setArray(index, connection.createArrayOf(element, elements));
        } else {
          to.setString(index, text);
        }
      }
      default -> to.setString(index, text);
    }
  }

  private void large(PreparedStatement to, int index, ColumnType type, RowDecoder row, int field)
      throws SQLException, IOException {
    Spool spool = row.spool();
    boolean streams = product != Product.SQLITE;
    switch (type.kind()) {
      case BINARY -> {
        if (streams) {
          to.setBinaryStream(index, spool.open(field), spool.length(field));
        } else {
          to.setBytes(index, spool.all(field));
        }
      }
      case CHAR, TEXT, OTHER -> {
        if (streams) {
          to.setCharacterStream(
              index, new InputStreamReader(spool.open(field), StandardCharsets.UTF_8.newDecoder()));
        } else {
          to.setString(index, row.text(field));
        }
      }
      case JSON, XML, ARRAY, ANY -> small(to, index, type, row, field);
      default ->
          throw new IOException(
              "Row " + row.count() + " has a " + type + " of " + spool.length(field) + " bytes");
    }
  }

  private static void any(PreparedStatement to, int index, byte[] value)
      throws SQLException, IOException {
    if (value.length == 0) {
      throw new IOException("A value does not say of what sort it is");
    }
    String text = value[0] == 'b' || value[0] == 'x' ? "" : Utf8.decode(value, 1, value.length);
    switch (value[0]) {
      case 'i' -> to.setLong(index, Long.parseLong(text));
      case 'r' -> to.setDouble(index, Double.parseDouble(text));
      case 't' -> to.setString(index, text);
      case 'b', 'x' -> to.setBytes(index, java.util.Arrays.copyOfRange(value, 1, value.length));
      default -> throw new IOException("A value is of a sort that nothing here knows");
    }
  }

  private void fraction(PreparedStatement to, int index, Kind kind, String text)
      throws SQLException {
    double value = Double.parseDouble(text);
    if (product == Product.SQLITE && Double.isNaN(value)) {
      // As a number it would become null.
      to.setString(index, text);
    } else if (kind == Kind.REAL) {
      to.setFloat(index, Float.parseFloat(text));
    } else {
      to.setDouble(index, value);
    }
  }

  private void decimal(PreparedStatement to, int index, String text) throws SQLException {
    if (text.equals("NaN") || text.endsWith("Infinity")) {
      if (product == Product.H2 || product == Product.SQLITE) {
        to.setString(index, text);
      } else {
        to.setDouble(index, Double.parseDouble(text));
      }
    } else if (product == Product.SQLITE) {
      to.setString(index, new BigDecimal(text).toPlainString());
    } else {
      to.setBigDecimal(index, new BigDecimal(text));
    }
  }

  private void time(PreparedStatement to, int index, Kind kind, String text)
      throws SQLException, IOException {
    boolean infinite = text.endsWith(Temporals.FUTURE);
    if (infinite && !product.hasInfinity() && !product.keepsTimesAsText()) {
      throw new DateTimeException(text + " cannot be held by this database");
    }
    Object value =
        switch (kind) {
          case DATE -> Temporals.date(text);
          case TIME -> Temporals.time(text);
          case TIMETZ -> OffsetTime.parse(text);
          case TIMESTAMP -> Temporals.timestamp(text);
          default -> Temporals.timestampWithZone(text);
        };
    boolean zoned = kind == Kind.TIMETZ || kind == Kind.TIMESTAMPTZ;
    if (product.keepsTimesAsText() || (product == Product.MARIADB && zoned)) {
      to.setString(index, text);
    } else {
      to.setObject(index, value);
    }
  }

  /** Text of a type that the database has and JDBC does not. */
  private void own(PreparedStatement to, int index, String text) throws SQLException {
    if (product == Product.POSTGRESQL) {
      to.setObject(index, text, Types.OTHER);
    } else {
      to.setString(index, text);
    }
  }

  private static Object element(String type, String text) throws IOException {
    return switch (type) {
      case "SMALLINT", "INTEGER" -> Integer.valueOf(text);
      case "BIGINT" -> Long.valueOf(text);
      case "REAL" -> Float.valueOf(text);
      case "DOUBLE PRECISION" -> Double.valueOf(text);
      case "DECFLOAT(1000)" -> new BigDecimal(text);
      case "BOOLEAN" -> bool(text);
      case "UUID" -> uuid(text);
      case "DATE" -> LocalDate.parse(text);
      default -> text;
    };
  }

  private static boolean bool(String text) throws IOException {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IOException("A truth value is '" + text + "'");
    }
    return text.equals("true");
  }

  private static UUID uuid(String text) throws IOException {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException notOne) {
      throw new IOException("A UUID is '" + text + "'", notOne);
    }
  }
}
