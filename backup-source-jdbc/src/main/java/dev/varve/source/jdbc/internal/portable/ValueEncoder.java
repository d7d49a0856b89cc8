package dev.varve.source.jdbc.internal.portable;

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

  ValueEncoder(EscapedOutput out) {
    this.out = out;
  }

  void encode(ResultSet row, int column, ColumnType type) throws SQLException, IOException {
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
