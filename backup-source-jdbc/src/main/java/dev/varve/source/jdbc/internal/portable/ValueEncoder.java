package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.EscapedOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import org.jspecify.annotations.Nullable;

/** Writes single values of a result as they stand in a rows content. Used by one thread. */
final class ValueEncoder {

  private final EscapedOutput out;
  private final boolean anySort;

  /**
   * @param anySort whether a value may be of another sort than its column says
   */
  ValueEncoder(EscapedOutput out, boolean anySort) {
    this.out = out;
    this.anySort = anySort;
  }

  void encode(ResultSet row, int column, ColumnType type) throws SQLException, IOException {
    if (anySort && isOdd(row, column, type)) {
      return;
    }
    switch (type.kind()) {
      case BOOLEAN -> {
        boolean value = row.getBoolean(column);
        ascii(row, Boolean.toString(value));
      }
      case SMALLINT, INTEGER, BIGINT -> {
        long value = row.getLong(column);
        if (row.wasNull()) {
          out.nothing();
        } else {
          out.number(value);
        }
      }
      case REAL -> {
        float value = row.getFloat(column);
        ascii(row, Float.toString(value));
      }
      case DOUBLE -> {
        double value = row.getDouble(column);
        ascii(row, Double.toString(value));
      }
      case BINARY -> {
        byte[] value = row.getBytes(column);
        if (value == null) {
          out.nothing();
        } else {
          out.binary(value, 0, value.length);
        }
      }
      case DATE -> text(Temporals.print(row.getObject(column, LocalDate.class)));
      case TIME ->
          text(Temporals.printTime(row.getObject(column, LocalTime.class), type.precision()));
      case TIMETZ -> text(Temporals.print(row.getObject(column, OffsetTime.class)));
      case TIMESTAMP -> text(Temporals.print(row.getObject(column, LocalDateTime.class)));
      case TIMESTAMPTZ -> text(Temporals.print(row.getObject(column, OffsetDateTime.class)));
      case ARRAY -> array(row.getArray(column));
      case ANY -> any(row, column);
      default -> text(row.getString(column));
    }
  }

  /**
   * Writes a value of another sort than its column as it is, so that whoever loads it refuses it
   * where the driver would make something else of it; whether it is one.
   */
  private boolean isOdd(ResultSet row, int column, ColumnType type) throws SQLException {
    boolean plain =
        switch (type.kind()) {
          case BOOLEAN, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> false;
          case DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> false;
          default -> true;
        };
    Object value = plain ? null : row.getObject(column);
    boolean moment = type.kind().compareTo(Kind.DATE) >= 0;
    if (value instanceof String text) {
      boolean spaced = moment && text.length() > 10 && text.charAt(10) == ' ';
      out.text(spaced ? text.substring(0, 10) + 'T' + text.substring(11) : text);
    } else if (value instanceof byte[] bytes) {
      out.binary(bytes, 0, bytes.length);
    } else if (value instanceof Number number && !moment) {
      boolean flag = type.kind() == Kind.BOOLEAN && (number.equals(0) || number.equals(1));
      out.ascii(flag ? String.valueOf(number.equals(1)) : number.toString());
    } else {
      return false;
    }
    return true;
  }

  private void ascii(ResultSet row, String value) throws SQLException {
    if (row.wasNull()) {
      out.nothing();
    } else {
      out.ascii(value);
    }
  }

  private void text(@Nullable String value) {
    if (value == null) {
      out.nothing();
    } else {
      out.text(value);
    }
  }

  private void array(@Nullable Array value) throws SQLException, IOException {
    if (value == null) {
      out.nothing();
    } else {
      out.text(ArrayText.print(value.getArray()));
      value.free();
    }
  }

  private void any(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    if (value == null) {
      out.nothing();
    } else if (value instanceof Integer || value instanceof Long) {
      out.raw('i');
      out.ascii(value.toString());
    } else if (value instanceof Number) {
      out.raw('r');
      out.ascii(value.toString());
    } else if (value instanceof byte[] bytes) {
      out.raw('b');
      out.binary(bytes, 0, bytes.length);
    } else if (value.toString().indexOf('\ufffd') < 0) {
      out.raw('t');
      out.text(value.toString());
    } else {
      byte[] bytes = row.getBytes(column);
      out.raw(isUtf8(bytes) ? 't' : 'x');
      out.binary(bytes, 0, bytes.length);
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
  }
}
