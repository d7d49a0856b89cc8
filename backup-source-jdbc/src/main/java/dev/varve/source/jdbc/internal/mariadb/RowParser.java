package dev.varve.source.jdbc.internal.mariadb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads what {@link RowsReading} wrote, in pieces of bounded size. Stateless. */
final class RowParser {

  /** Takes rows in pieces. */
  interface Sink {

    /** A value begins; the first has the column 0. */
    void beginValue(int column, boolean isNull) throws IOException;

    /** Some bytes of the value, never of a null. */
    void bytes(byte[] bytes, int offset, int length) throws IOException;

    void endValue() throws IOException;

    void endRow() throws IOException;
  }

  private static final byte[] TAB = {'\t'};
  private static final byte[] LINE_FEED = {'\n'};
  private static final byte[] BACKSLASH = {'\\'};

  private final InputStream in;
  private final Sink sink;
  private final byte[] buffer = new byte[64 << 10];
  private int column;
  private boolean begun;

  private RowParser(InputStream in, Sink sink) {
    this.in = in;
    this.sink = sink;
  }

  /**
   * Reads all rows.
   *
   * @throws IOException if they end within a row or are no rows, or the sink fails
   */
  static void parse(InputStream in, Sink sink) throws IOException {
    new RowParser(in, sink).run();
  }

  private void run() throws IOException {
    boolean escaped = false;
    boolean inRow = false;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      int plain = 0;
      for (int i = 0; i < count; i++) {
        byte b = buffer[i];
        if (escaped) {
          escaped = false;
          unescape(b);
          plain = i + 1;
        } else if (b == '\\' || b == '\t' || b == '\n') {
          flush(plain, i);
          plain = i + 1;
          escaped = b == '\\';
          if (!escaped) {
            end(b == '\n');
          }
        }
        inRow = b != '\n' || escaped;
      }
      if (!escaped) {
        flush(plain, count);
      }
    }
    if (inRow || begun || column > 0) {
      throw new EOFException("The rows end within a row");
    }
  }

  private void begin(boolean isNull) throws IOException {
    if (!begun) {
      sink.beginValue(column, isNull);
      begun = true;
    }
  }

  private void flush(int from, int to) throws IOException {
    if (to > from) {
      begin(false);
      sink.bytes(buffer, from, to - from);
    }
  }

  private void unescape(byte b) throws IOException {
    byte[] meant =
        switch (b) {
          case 't' -> TAB;
          case 'n' -> LINE_FEED;
          case '\\' -> BACKSLASH;
          case 'N' -> null;
          default -> throw new IOException("The rows hold an escape that nobody writes");
        };
    begin(meant == null);
    if (meant != null) {
      sink.bytes(meant, 0, 1);
    }
  }

  private void end(boolean row) throws IOException {
    begin(false);
    sink.endValue();
    begun = false;
    column++;
    if (row) {
      sink.endRow();
      column = 0;
    }
  }
}
