package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A column whose values are dumped. Immutable.
 *
 * @param name as the database has it
 * @param kind how its values are read and written
 * @param charset the character set of its text; empty if it has none
 */
record Column(String name, Kind kind, String charset) {

  /** How values are read and written, so that each comes back as it was. */
  enum Kind {
    /** Digits. */
    NUMBER,
    /** A {@code FLOAT}, which the server shows as a double: else it would round. */
    FLOAT,
    /** {@code BIT}, as a number. */
    BITS,
    /** Dates and times, in UTC. */
    TIME,
    /** The bytes that the table holds, in the column's own character set. */
    TEXT,
    /** One of some texts; none of them as the empty text. */
    ENUM,
    /** The bytes as they are. */
    BINARY,
    /** The bytes as they are: four of the reference system, then well-known binary. */
    SPATIAL,
    /** Text that must come as text, such as addresses and MySQL's JSON. */
    LITERAL
  }

  /** What is selected to get the value as bytes. */
  String selected() {
    return isPlain() ? "CAST(" + shown() + " AS CHAR)" : shown();
  }

  /** What the server makes text of as it is dumped. */
  String shown() {
    String column = Names.quote(name);
    return switch (kind) {
      case FLOAT -> column + "*1e0";
      case BITS -> column + "+0";
      case LITERAL -> "CAST(" + column + " AS CHAR)";
      default -> column;
    };
  }

  /** Whether its values are digits and signs, letters at most. */
  boolean isPlain() {
    return kind == Kind.NUMBER || kind == Kind.FLOAT || kind == Kind.BITS || kind == Kind.TIME;
  }

  /** A plain value in a statement: whole numbers as they are, others in quotes, to stay exact. */
  static void addPlain(StringBuilder statement, CharSequence value) {
    boolean whole = value.length() > 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      whole &= (c >= '0' && c <= '9') || (c == '-' && i == 0);
    }
    String quote = whole ? "" : "'";
    statement.append(quote).append(value).append(quote);
  }

  /** Whether bytes cannot be assigned to it as they are. */
  boolean isConverted() {
    return kind == Kind.BITS || kind == Kind.LITERAL;
  }

  /** What to assign to it, given an expression for the bytes. */
  String assigned(String bytes) {
    return switch (kind) {
      case BITS -> "CAST(" + bytes + " AS UNSIGNED)";
      case LITERAL -> "CONVERT(" + bytes + " USING utf8mb4)";
      default -> bytes;
    };
  }

  /** Whether the bytes are UTF-8 that anybody can read. */
  boolean isUtf8() {
    return switch (kind) {
      case BINARY, SPATIAL -> false;
      case TEXT, ENUM -> charset.startsWith("utf8") || charset.equals("ascii");
      default -> true;
    };
  }

  /** Columns as one line: each its name in back quotes, its kind, its character set if any. */
  static String write(List<Column> columns) {
    StringBuilder line = new StringBuilder();
    for (Column column : columns) {
      line.append(line.length() == 0 ? "" : ", ").append(Names.quote(column.name)).append(' ');
      line.append(column.kind.name().toLowerCase(Locale.ROOT));
      line.append(column.charset.isEmpty() ? "" : " " + column.charset);
    }
    return line.toString();
  }

  /**
   * Reads back what {@link #write} wrote.
   *
   * @throws IOException if it is something else
   */
  static List<Column> read(String line) throws IOException {
    List<Column> columns = new ArrayList<>();
    int i = 0;
    while (i < line.length()) {
      StringBuilder name = new StringBuilder();
      if (line.charAt(i++) != '`') {
        throw malformed(line);
      }
      while (true) {
        int quote = line.indexOf('`', i);
        if (quote < 0) {
          throw malformed(line);
        }
        name.append(line, i, quote);
        i = quote + 1;
        if (i >= line.length() || line.charAt(i) != '`') {
          break;
        }
        name.append('`');
        i++;
      }
      int comma = line.indexOf(',', i);
      int end = comma < 0 ? line.length() : comma;
      String[] words = line.substring(i, end).strip().split(" ", -1);
      columns.add(
          new Column(name.toString(), kind(words[0], line), words.length > 1 ? words[1] : ""));
      i = comma < 0 ? line.length() : comma + 2;
    }
    return columns;
  }

  private static Kind kind(String word, String line) throws IOException {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    throw malformed(line);
  }

  private static IOException malformed(String line) {
    return new IOException("The plan describes columns as nobody can read: " + line);
  }
}
