package dev.varve.source.jdbc.internal.portable;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a rows content row by row. What does not fit into some MiB of memory is kept in a temporary
 * file until the next row. Believes nothing it reads. Used by one thread.
 */
public final class RowDecoder implements Closeable {

  /** More of one row than this goes to disk. */
  static final int ROW_MEMORY_BYTES = 4 << 20;

  private static final int MOST_COLUMNS = 10_000;
  private static final int NULL = -1;
  private static final int SPOOLED = -2;

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int limit;
  private final List<RowColumn> columns = new ArrayList<>();
  private final Spool spool;
  private final int[] starts;
  private final int[] ends;
  private byte[] row = new byte[4096];
  private int used;
  private long count;

  /**
   * Reads the first line.
   *
   * @throws IOException if it is none
   */
  public RowDecoder(InputStream in) throws IOException {
    this.in = in;
    int[] names = new int[MOST_COLUMNS + 1];
    int[] unused = new int[MOST_COLUMNS + 1];
    this.starts = names;
    this.ends = unused;
    this.spool = new Spool();
    int fields = read();
    if (fields == 0) {
      throw new EOFException("They lack the first line, which names their columns");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < fields; i++) {
      String cell = text(i);
      int space = cell.lastIndexOf(' ');
      if (space < 0 || !seen.add(cell.substring(0, space))) {
        throw new EOFException("The first line of rows does not name their columns");
      }
      ColumnType type = ColumnType.parse(cell.substring(space + 1).replace("%20", " "));
      columns.add(new RowColumn(cell.substring(0, space), type, false));
    }
  }

  /** The columns. */
  public List<RowColumn> columns() {
    return columns;
  }

  /** How many rows were read. */
  public long count() {
    return count;
  }

  /**
   * Reads the next row, if there is one.
   *
   * @throws IOException if there is a part of one
   */
  public boolean next() throws IOException {
    int fields = read();
    if (fields == 0) {
      return false;
    }
    if (fields != columns.size()) {
      throw new IOException(
          "Row " + (count + 1) + " has " + fields + " values, not " + columns.size());
    }
    count++;
    return true;
  }

  boolean isNull(int field) {
    return starts[field] == NULL;
  }

  boolean isSpooled(int field) {
    return starts[field] == SPOOLED;
  }

  /** Whether a value of {@link Kind#ANY} is text that is no UTF-8. */
  boolean isRawText(int field) throws IOException {
    if (columns.get(field).type().kind() != Kind.ANY || isNull(field)) {
      return false;
    }
    return isSpooled(field)
        ? spool.open(field).read() == 'x'
        : ends[field] > starts[field] && row[starts[field]] == 'x';
  }

  /** How much memory the row takes. */
  int rowBytes() {
    return used;
  }

  byte[] bytes(int field) throws IOException {
    return isSpooled(field)
        ? spool.all(field)
        : Arrays.copyOfRange(row, starts[field], ends[field]);
  }

  String text(int field) throws IOException {
    if (isNull(field)) {
      throw new IOException("Row " + count + " has no value where one is needed");
    }
    if (isSpooled(field)) {
      byte[] all = spool.all(field);
      return Utf8.decode(all, 0, all.length);
    }
    return Utf8.decode(row, starts[field], ends[field]);
  }

  Spool spool() {
    return spool;
  }

  @Override
  public void close() throws IOException {
    try (in) {
      spool.clear();
    }
  }

  /** Reads a line; returns how many values it has, 0 at the end. */
  private int read() throws IOException {
    spool.clear();
    used = 0;
    int field = 0;
    int start = 0;
    int c = get();
    if (c < 0) {
      return 0;
    }
    boolean isNull = false;
    while (true) {
      if (c < 0) {
        throw new EOFException("Rows end in the middle of row " + (count + 1));
      }
      if (c == '\t' || c == '\n') {
        boolean spooled = spool.has(field);
        if (spooled) {
          spool.append(field, row, start, used);
          used = start;
        }
        starts[field] = isNull ? NULL : spooled ? SPOOLED : start;
        ends[field] = used;
        field++;
        start = used;
        isNull = false;
        if (c == '\n') {
          return field;
        }
        if (field > MOST_COLUMNS) {
          throw new IOException(
              "Row " + (count + 1) + " has more than " + MOST_COLUMNS + " values");
        }
      } else if (c == '\\') {
        c = get();
        switch (c) {
          case '\\' -> append(field, start, '\\');
          case 't' -> append(field, start, '\t');
          case 'n' -> append(field, start, '\n');
          case 'N' -> isNull = true;
          default ->
              throw new IOException("Row " + (count + 1) + " has a backslash before nothing known");
        }
      } else {
        append(field, start, c);
      }
      c = get();
    }
  }

  private int get() throws IOException {
    if (at == limit) {
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
      at = 0;
      if (limit == 0) {
        return -1;
      }
    }
    return buffer[at++] & 0xff;
  }

  private void append(int field, int start, int b) throws IOException {
    if (used == row.length) {
      if (used >= ROW_MEMORY_BYTES) {
        spool.append(field, row, start, used);
        used = start;
        if (start > 0 && start == row.length) {
          row = Arrays.copyOf(row, row.length + (64 << 10));
        }
      } else {
        row = Arrays.copyOf(row, Math.min(2 * used, ROW_MEMORY_BYTES));
      }
    }
    row[used++] = (byte) b;
  }
}
