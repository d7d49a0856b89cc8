package dev.varve.source.jdbc.internal.portable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays as JSON arrays of texts, nulls and arrays; bytes stand in hexadecimal. Stateless. */
final class ArrayText {

  private static final JsonFactory JSON = new JsonFactory();

  private ArrayText() {}

  static String print(Object array) throws SQLException, IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, array);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value)
      throws SQLException, IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof byte[] bytes) {
      json.writeString(HexFormat.of().formatHex(bytes));
    } else if (value instanceof java.sql.Array nested) {
      write(json, nested.getArray());
    } else if (value.getClass().isArray()) {
      json.writeStartArray();
      for (int i = 0; i < Array.getLength(value); i++) {
        write(json, Array.get(value, i));
      }
      json.writeEndArray();
    } else {
      json.writeString(element(value));
    }
  }

  private static @Nullable String element(Object value) {
    if (value instanceof Timestamp timestamp) {
      return Temporals.print(timestamp.toLocalDateTime());
    }
    if (value instanceof Date date) {
      return Temporals.print(date.toLocalDate());
    }
    if (value instanceof Time time) {
      return Temporals.print(time.toLocalTime());
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    return value instanceof Temporal temporal ? Temporals.print(temporal) : value.toString();
  }

  /** What to make of each element's text. */
  interface Element {
    Object of(String text) throws IOException;
  }

  static @Nullable Object[] parse(String text, Element element) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("An array does not begin like one");
      }
      return read(json, element);
    }
  }

  private static @Nullable Object[] read(JsonParser json, Element element) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next == JsonToken.START_ARRAY) {
        values.add(read(json, element));
      } else if (next == JsonToken.VALUE_NULL) {
        values.add(null);
      } else if (next == JsonToken.VALUE_STRING) {
        values.add(element.of(json.getText()));
      } else {
        throw new IOException("An array has " + next + " among its elements");
      }
    }
    return values.toArray();
  }
}
