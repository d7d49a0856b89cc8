package dev.varve.source.jdbc.internal.postgresql;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.copy.CopyOut;

/**
 * Rows with values so large that they should not pass through memory as {@code COPY} has them, a
 * row in one message: they are read value by value, and the large values in pieces. What comes out
 * is what {@code COPY} would write. Used by one thread.
 */
final class LargeRows {

  /** Values that make more text than this are read in pieces. */
  static final long LARGE_BYTES = 16L << 20;

  /** No value is larger than so many times what it is stored in: both compressions' best. */
  private static final int BEST_COMPRESSION = 256;

  private static final int PIECE_BYTES = 4 << 20;

  /** What a server can take, by {@code COPY} too, as one row. */
  private static final long MOST_ROW_BYTES = (1L << 30) - 64;

  private static final byte[] NOTHING = {};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Session session;
  private final RowSource source;
  private final List<Column> columns;
  private final List<String> places;
  private int row;
  private int column;
  private long offset;
  private List<Long> sizes = List.of();

  /**
   * A column.
   *
   * @param sized whether its values can be large
   * @param bytes whether it is of bytes, each of which makes two characters
   * @param text whether it is text of which the server knows the size without reading it
   */
  private record Column(String name, boolean sized, boolean bytes, boolean text) {

    /** How many bytes of text a value makes at least, if that is much. */
    String size() {
      if (!sized) {
        return "0";
      }
      if (bytes) {
        return "coalesce(2 * octet_length(" + name + ")::bigint, 0)";
      }
      return text
          ? "coalesce(octet_length(" + name + "), 0)::bigint"
          : "CASE WHEN pg_column_size("
              + name
              + ") > "
              + LARGE_BYTES / BEST_COMPRESSION
              + " THEN octet_length("
              + shown()
              + ") ELSE 0 END::bigint";
    }

    String shown() {
      return text ? name : "format('%s', " + name + ")";
    }

    String piece() {
      String value = bytes ? name : "convert_to(" + shown() + ", 'UTF8')";
      return "substring(" + value + " FROM ?::int FOR " + PIECE_BYTES + ")";
    }
  }

  private LargeRows(Session session, RowSource source, List<Column> columns, List<String> places) {
    this.session = session;
    this.source = source;
    this.columns = columns;
    this.places = places;
  }

  /**
   * Looks for such rows, without reading their values. None where rows pass without the driver,
   * which alone holds each as a whole.
   */
  static LargeRows find(Session session, RowSource source) throws SQLException {
    boolean passing = session.messages().filter(MessageInput::visible).isPresent();
    if (passing || source.size().outsideBytes() < LARGE_BYTES / BEST_COMPRESSION) {
      return new LargeRows(session, source, List.of(), List.of());
    }
    Catalog catalog = new Catalog(session.connection());
    List<Column> columns =
        catalog.list(
            "SELECT quote_ident(attname) AS name, attlen = -1 AND attstorage <> 'p' AS sized,"
                + " atttypid = 'bytea'::regtype AS bytes, atttypid IN ('text'::regtype,"
                + " 'varchar'::regtype) AS text FROM pg_attribute WHERE attrelid = "
                + source.id().oid()
                + " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            row -> new Column(row.text("name"), row.is("sized"), row.is("bytes"), row.is("text")));
    LargeRows none = new LargeRows(session, source, columns, List.of());
    List<String> places =
        catalog.list(
            "SELECT ctid::text AS place FROM ONLY " + source.name() + none.and(none.condition()),
            row -> row.text("place"));
    return new LargeRows(session, source, columns, places);
  }

  private String condition() {
    return columns.stream()
        .filter(Column::sized)
        .map(one -> one.size() + " > " + LARGE_BYTES)
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private String and(String condition) {
    return (source.condition().isEmpty() ? " WHERE " : source.condition() + " AND ") + condition;
  }

  int count() {
    return places.size();
  }

  /** What {@code COPY} reads of the other rows. */
  String others() {
    return places.isEmpty() ? source.copied() : source.where(and("NOT " + condition())).copied();
  }

  /** The next bytes of these rows; none at the end. */
  byte[] next() throws SQLException, IOException {
    if (row == places.size()) {
      return NOTHING;
    }
    if (column == 0 && offset == 0) {
      measure();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (sizes.get(column) > LARGE_BYTES) {
      byte[] piece = piece(columns.get(column));
      if (columns.get(column).bytes()) {
        out.writeBytes(offset == 0 ? new byte[] {'\\', '\\', 'x'} : NOTHING);
        hexed(piece, out);
      } else {
        escape(piece, out);
      }
      offset += piece.length;
      if (piece.length == PIECE_BYTES) {
        return out.toByteArray();
      }
    } else {
      byte[] value = copied(columns.get(column));
      out.write(value, 0, value.length - 1);
    }
    advance(out);
    return out.toByteArray();
  }

  private void advance(ByteArrayOutputStream out) {
    offset = 0;
    column++;
    boolean last = column == columns.size();
    out.write(last ? '\n' : '\t');
    if (last) {
      column = 0;
      row++;
    }
  }

  private void measure() throws SQLException, IOException {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(columns.get(i).size()).append(" AS s").append(i);
    }
    sizes =
        new Catalog(session.connection())
            .first(
                sql + here(),
                found -> {
                  Long[] all = new Long[columns.size()];
                  for (int i = 0; i < all.length; i++) {
                    all[i] = found.number("s" + i);
                  }
                  return List.of(all);
                });
    long whole = sizes.stream().mapToLong(Long::longValue).sum();
    if (whole > MOST_ROW_BYTES) {
      int largest = sizes.indexOf(sizes.stream().max(Long::compare).orElse(0L));
      throw new IOException(
          "The row at "
              + places.get(row)
              + " of "
              + source.name()
              + " makes "
              + whole
              + " bytes of text, most of them in column "
              + columns.get(largest).name()
              + "; PostgreSQL takes no row of more than 1 GiB back: keep such values as large"
              + " objects, or exclude the table");
    }
  }

  private String here() {
    return " FROM ONLY "
        + source.name()
        + " WHERE ctid = "
        + Sql.literal(places.get(row))
        + "::tid";
  }

  private byte[] piece(Column large) throws SQLException {
    try (PreparedStatement statement =
        session.connection().prepareStatement("SELECT " + large.piece() + here())) {
      statement.setInt(1, Math.toIntExact(offset + 1));
      try (ResultSet found = statement.executeQuery()) {
        found.next();
        return found.getBytes(1);
      }
    }
  }

  /** A single value as a line. */
  private byte[] copied(Column small) throws SQLException {
    CopyOut copy =
        session
            .driver()
            .getCopyAPI()
            .copyOut("COPY (SELECT " + small.name() + here() + ") TO STDOUT");
    byte[] line = copy.readFromCopy();
    while (copy.isActive()) {
      copy.readFromCopy();
    }
    if (line == null) {
      throw new SQLException("There is no row at " + places.get(row) + " of " + source.name());
    }
    return line;
  }

  private static void hexed(byte[] piece, ByteArrayOutputStream out) {
    byte[] digits = new byte[2 * piece.length];
    for (int i = 0; i < piece.length; i++) {
      digits[2 * i] = HEX[piece[i] >> 4 & 15];
      digits[2 * i + 1] = HEX[piece[i] & 15];
    }
    out.writeBytes(digits);
  }

  private static void escape(byte[] piece, ByteArrayOutputStream out) {
    for (byte b : piece) {
      int letter = "\b\f\n\r\t\u000b\\".indexOf(b);
      if (b >= 0 && letter >= 0) {
        out.write('\\');
        out.write("bfnrtv\\".charAt(letter));
      } else {
        out.write(b);
      }
    }
  }
}
