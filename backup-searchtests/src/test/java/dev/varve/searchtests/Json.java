package dev.varve.searchtests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as the tests see it, told apart from the one under test: maps in the order of their keys,
 * lists, strings, booleans, {@link Digits}s as they are written, and {@link #NULL}.
 */
final class Json {

  /** JSON's null. */
  static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  /** A number, digit for digit. */
  record Digits(String digits) {
    @Override
    public String toString() {
      return digits;
    }
  }

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Reads one value. */
  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at < text.length()) {
      throw json.wrong("more than one value");
    }
    return value;
  }

  /** What lies at a path of keys (strings) and positions (integers); {@link #NULL} if nothing. */
  static Object at(Object value, Object... path) {
    Object found = value;
    for (Object step : path) {
      if (found instanceof Map<?, ?> map) {
        Object next = map.get(step);
        found = next == null ? NULL : next;
      } else if (found instanceof List<?> list && step instanceof Integer position) {
        found = position < list.size() ? list.get(position) : NULL;
      } else {
        return NULL;
      }
    }
    return found;
  }

  /** An object at a path, empty if there is none. */
  @SuppressWarnings("unchecked") // parse makes no other maps
  static Map<String, Object> object(Object value, Object... path) {
    return at(value, path) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** An array at a path, empty if there is none. */
  @SuppressWarnings("unchecked") // parse makes no other lists
  static List<Object> array(Object value, Object... path) {
    return at(value, path) instanceof List<?> list ? (List<Object>) list : List.of();
  }

  /** A number at a path. */
  static long number(Object value, Object... path) {
    return Long.parseLong(at(value, path).toString());
  }

  /** Writes a value without any space, keys in their order. */
  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /** Writes a string with its quotes. */
  static String quote(String string) {
    return write(string);
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> field : map.entrySet()) {
        out.append(separator);
        write(field.getKey(), out);
        out.append(':');
        write(field.getValue(), out);
        separator = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object item : list) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String string) {
      out.append('"');
      string.chars().forEach(c -> writeCharacter((char) c, out));
      out.append('"');
    } else {
      out.append(value);
    }
  }

  private static void writeCharacter(char c, StringBuilder out) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else if (c < 0x20 || Character.isSurrogate(c)) {
      out.append(String.format("\\u%04x", (int) c));
    } else {
      out.append(c);
    }
  }

  private Object value() {
    space();
    char c = peek();
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> map = new LinkedHashMap<>();
    expect('{');
    space();
    while (peek() != '}') {
      space();
      String key = string();
      space();
      expect(':');
      if (map.put(key, value()) != null) {
        throw wrong("key '" + key + "' twice");
      }
      space();
      if (peek() == ',') {
        at++;
      }
    }
    expect('}');
    return map;
  }

  private List<Object> array() {
    List<Object> list = new ArrayList<>();
    expect('[');
    space();
    while (peek() != ']') {
      list.add(value());
      space();
      if (peek() == ',') {
        at++;
      }
    }
    expect(']');
    return list;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      out.append(c == '\\' ? escaped() : c);
    }
    return out.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> c;
    };
  }

  private Digits number() {
    int begin = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (begin == at) {
      throw wrong("no value");
    }
    return new Digits(text.substring(begin, at));
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("no value");
    }
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("an end too early");
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private void expect(char c) {
    if (next() != c) {
      throw wrong("no '" + c + "'");
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "JSON has "
            + what
            + " at "
            + at
            + ": "
            + text.substring(Math.max(0, at - 40), Math.min(text.length(), at + 40)));
  }
}
