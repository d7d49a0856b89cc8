package dev.varve.source.jdbc.internal.mariadb;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What to know of a table to read its rows. Immutable.
 *
 * @param schema its schema
 * @param name its name
 * @param columns the columns whose values are dumped
 * @param plain those of the columns none of whose values needs escapes
 * @param key the columns by which the rows lie; none if they lie as they came
 * @param large those of the columns whose values may be too large to hold in memory
 * @param averageRowBytes what the server guesses
 * @param expectedBytes what the server guesses of all rows
 * @param longestRowBytes how long a row can be, the large columns left out
 */
record Table(
    String schema,
    String name,
    List<Column> columns,
    List<Column> plain,
    List<Column> key,
    List<Column> large,
    long averageRowBytes,
    long expectedBytes,
    long longestRowBytes) {

  private static final Collector<CharSequence, ?, String> JOINED = Collectors.joining(", ");

  /** Copies the lists. */
  Table {
    columns = List.copyOf(columns);
    plain = List.copyOf(plain);
    key = List.copyOf(key);
    large = List.copyOf(large);
  }

  /** Its name in a statement. */
  String quoted() {
    return Names.quote(schema, name);
  }

  /** The order of the rows; empty if they come as they lie. */
  String order() {
    return key.isEmpty()
        ? ""
        : " ORDER BY "
            + key.stream().map(c -> quoted() + "." + Names.quote(c.name())).collect(JOINED);
  }

  /** The condition for one row, or for those after it, given the key's values as bytes. */
  String where(Which which, List<byte[]> values) {
    StringBuilder condition = new StringBuilder();
    for (int last = which == Which.AT ? key.size() - 1 : 0; last < key.size(); last++) {
      condition.append(condition.length() == 0 ? "(" : " OR (");
      for (int i = 0; i <= last; i++) {
        String operator = i == last && which == Which.AFTER ? ">" : "=";
        condition.append(i == 0 ? "" : " AND ").append(Names.quote(key.get(i).name()));
        condition.append(operator).append(literal(key.get(i), values.get(i)));
      }
      condition.append(')');
    }
    return condition.toString();
  }

  /** Which rows. */
  enum Which {
    AT,
    AFTER
  }

  private static String literal(Column column, byte[] value) {
    return switch (column.kind()) {
      case BINARY -> Hex.literal(value);
      case TEXT -> "_" + column.charset() + " " + Hex.literal(value);
      case NUMBER -> new String(value, StandardCharsets.ISO_8859_1);
      default -> "'" + new String(value, StandardCharsets.ISO_8859_1) + "'";
    };
  }
}
