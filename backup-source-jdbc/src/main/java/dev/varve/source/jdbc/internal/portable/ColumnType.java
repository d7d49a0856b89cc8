package dev.varve.source.jdbc.internal.portable;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column, printed e.g. {@code decimal(10,2)}, {@code text(40)}, {@code array:int4} or
 * {@code other:point}. Immutable.
 *
 * @param kind what sort of value it is
 * @param precision digits, characters or bytes at most, digits of a second for times; 0: unbounded
 * @param scale digits behind the point, of decimal numbers
 * @param detail what the database calls it where the kind does not say all; of an array, its
 *     elements
 */
public record ColumnType(Kind kind, int precision, int scale, String detail) {

  private static final Pattern PRINTED =
      Pattern.compile("([a-z]+)(?:\\((\\d{1,9})(?:,(\\d{1,9}))?\\))?(?::(.*))?", Pattern.DOTALL);

  /** A type without bounds. */
  public static ColumnType of(Kind kind) {
    return new ColumnType(kind, 0, 0, "");
  }

  /**
   * Reads what {@link #toString()} printed.
   *
   * @throws IOException if it is none
   */
  public static ColumnType parse(String printed) throws IOException {
    Matcher matcher = PRINTED.matcher(printed);
    if (matcher.matches()) {
      for (Kind kind : Kind.values()) {
        if (name(kind).equals(matcher.group(1))) {
          String detail = matcher.group(4);
          return new ColumnType(
              kind,
              number(matcher.group(2)),
              number(matcher.group(3)),
              detail == null ? "" : detail);
        }
      }
    }
    throw new IOException("There is no type '" + printed + "'");
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    String bounds = scale > 0 ? "(" + precision + "," + scale + ")" : "(" + precision + ")";
    return name(kind)
        + (precision > 0 || scale > 0 ? bounds : "")
        + (detail.isEmpty() ? "" : ":" + detail);
  }
}
