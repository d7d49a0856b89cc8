package dev.varve.source.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A JSON value as the very bytes it was received in, so that numbers keep their digits and objects
 * their order. Immutable; its parts share its bytes.
 */
final class RawJson {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(100_000)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** So many digits may be too many for a long. */
  private static final int LONG_DIGITS = 19;

  private final byte[] bytes;
  private final int offset;
  private final int length;

  private RawJson(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /** A value that is all of these bytes, which must not change any more. */
  static RawJson of(byte[] bytes) {
    return new RawJson(bytes, 0, bytes.length);
  }

  /** A value given as JSON text. */
  static RawJson of(String json) {
    return of(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The string {@code text}. */
  static RawJson string(String text) {
    return of('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
  }

  /** An object of these fields, in their order. */
  static RawJson object(Map<String, RawJson> fields) {
    StringBuilder out = new StringBuilder("{");
    fields.forEach(
        (name, value) -> {
          out.append(out.length() == 1 ? "" : ",").append(string(name)).append(':').append(value);
        });
    return of(out.append('}').toString());
  }

  /** A list of these values. */
  static RawJson list(List<RawJson> items) {
    return of("[" + String.join(",", items.stream().map(RawJson::toString).toList()) + "]");
  }

  /** This value without spaces around it. */
  RawJson trimmed() {
    int start = offset;
    int end = offset + length;
    while (end > start && isSpace(bytes[end - 1])) {
      end--;
    }
    while (start < end && isSpace(bytes[start])) {
      start++;
    }
    return new RawJson(bytes, start, end - start);
  }

  /** A copy of the bytes. */
  byte[] bytes() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /** Writes the bytes. */
  void writeTo(ByteArrayOutputStream out) {
    out.write(bytes, offset, length);
  }

  /**
   * The fields of this object, in their order; of names that come twice the last counts.
   *
   * @throws IOException if this is no object, or no JSON
   */
  Map<String, RawJson> fields() throws IOException {
    Map<String, RawJson> fields = new LinkedHashMap<>();
    try (JsonParser parser = parser()) {
      expect(JsonToken.START_OBJECT, parser);
      for (JsonToken t = parser.nextToken(); t == JsonToken.FIELD_NAME; t = parser.nextToken()) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser));
      }
    }
    return fields;
  }

  /**
   * The values of this list.
   *
   * @throws IOException if this is no list, or no JSON
   */
  List<RawJson> items() throws IOException {
    List<RawJson> items = new ArrayList<>();
    try (JsonParser parser = parser()) {
      expect(JsonToken.START_ARRAY, parser);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser));
      }
    }
    return items;
  }

  /** The value some fields further inside; empty where one of the names is missing, or null. */
  Optional<RawJson> find(String... names) throws IOException {
    RawJson value = this;
    for (String name : names) {
      RawJson inner = value.isObject() ? value.fields().get(name) : null;
      if (inner == null) {
        return Optional.empty();
      }
      value = inner;
    }
    return value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /** The value some fields further inside, which must be there. */
  RawJson at(String... names) throws IOException {
    Optional<RawJson> found = find(names);
    if (found.isEmpty()) {
      throw new IOException("The cluster's answer lacks " + String.join(".", names));
    }
    return found.get();
  }

  /** The text of a string, number or truth value. */
  String text() throws IOException {
    try (JsonParser parser = parser()) {
      JsonToken token = parser.nextToken();
      if (token == null || token.isStructStart()) {
        throw new IOException("Expected a string or number in the cluster's answer");
      }
      return parser.getText();
    }
  }

  /** The whole number this is, given as a number or as a string. */
  long number() throws IOException {
    if (length > 0 && length < LONG_DIGITS && isDigits()) {
      long number = 0;
      for (int i = offset; i < offset + length; i++) {
        number = 10 * number + bytes[i] - '0';
      }
      return number;
    }
    try {
      return Long.parseLong(text());
    } catch (NumberFormatException e) {
      throw new IOException("Expected a whole number in the cluster's answer, not " + this, e);
    }
  }

  private boolean isDigits() {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether this is {@code true}, as a truth value or as a string. */
  boolean isTrue() throws IOException {
    return !isObject() && !isList() && text().equals("true");
  }

  boolean isObject() {
    return length > 0 && bytes[offset] == '{';
  }

  boolean isList() {
    return length > 0 && bytes[offset] == '[';
  }

  boolean isNull() {
    return length == 4 && bytes[offset] == 'n';
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawJson that
        && Arrays.equals(
            bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** The same value in a canonical form: without spaces, and names of objects in order. */
  String canonical() throws IOException {
    StringBuilder out = new StringBuilder();
    if (isObject()) {
      out.append('{');
      for (Map.Entry<String, RawJson> field : new TreeMap<>(fields()).entrySet()) {
        out.append(string(field.getKey())).append(':').append(field.getValue().canonical());
        out.append(',');
      }
      return out.append('}').toString();
    }
    if (isList()) {
      out.append('[');
      for (RawJson item : items()) {
        out.append(item.canonical()).append(',');
      }
      return out.append(']').toString();
    }
    return bytes[offset] == '"' ? string(text()).toString() : text();
  }

  private JsonParser parser() throws IOException {
    return FACTORY.createParser(bytes, offset, length);
  }

  private static void expect(JsonToken expected, JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token != expected) {
      throw new IOException("Expected " + expected + " in the cluster's answer, not " + token);
    }
  }

  /** The value the parser stands on; the parser then stands at its end. */
  private RawJson value(JsonParser parser) throws IOException {
    int start = offset + (int) parser.currentTokenLocation().getByteOffset();
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
    } else {
      parser.finishToken();
    }
    int end = offset + (int) parser.currentLocation().getByteOffset();
    while (end > start && isSpace(bytes[end - 1])) {
      end--;
    }
    return new RawJson(bytes, start, end - start);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
