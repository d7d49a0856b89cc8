package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes rows as statements of many rows, a row a line: text in quotes where it is UTF-8, other
 * bytes in hexadecimal. Used by one thread.
 */
final class ScriptRows implements RowParser.Sink {

  private static final int STATEMENT_BYTES = 512 << 10;

  private final OutputStream out;
  private final List<Column> columns;
  private final byte[] begin;
  private final StringBuilder plain = new StringBuilder();
  private byte[] piece = new byte[16 << 10];
  private int length;
  private int column;
  private boolean isNull;
  private long written;

  ScriptRows(OutputStream out, String into, List<Column> columns) {
    this.out = out;
    this.columns = columns;
    StringBuilder names = new StringBuilder();
    for (Column each : columns) {
      names.append(names.length() == 0 ? "" : ",").append(Names.quote(each.name()));
    }
    this.begin = bytes("INSERT INTO " + into + " (" + names + ") VALUES\n(");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void beginValue(int number, boolean nothing) throws IOException {
    if (number >= columns.size()) {
      throw new IOException("A row has more values than there are columns");
    }
    column = number;
    isNull = nothing;
    if (number > 0) {
      put(',');
    } else if (written == 0) {
      put(begin, 0, begin.length);
    } else {
      put(bytes(",\n("), 0, 3);
    }
    Column of = columns.get(number);
    if (isNull) {
      put(bytes("NULL"), 0, 4);
    } else if (of.isPlain()) {
      plain.setLength(0);
    } else if (of.isUtf8()) {
      put('\'');
    } else {
      put('x');
      put('\'');
    }
  }

  @Override
  public void bytes(byte[] value, int offset, int count) throws IOException {
    Column of = columns.get(column);
    if (of.isPlain()) {
      plain.append(new String(value, offset, count, StandardCharsets.ISO_8859_1));
      return;
    }
    boolean text = of.isUtf8();
    for (int i = offset; i < offset + count; i++) {
      byte b = value[i];
      if (!text) {
        put(Hex.high(b));
        put(Hex.low(b));
      } else {
        escape(b);
      }
    }
  }

  private void escape(byte b) throws IOException {
    int meant =
        switch (b) {
          case '\\' -> '\\';
          case '\'' -> '\'';
          case '\n' -> 'n';
          case '\r' -> 'r';
          case 0 -> '0';
          case 26 -> 'Z';
          default -> -1;
        };
    if (meant >= 0) {
      put('\\');
      put(meant);
    } else {
      put(b);
    }
  }

  @Override
  public void endValue() throws IOException {
    Column of = columns.get(column);
    if (!isNull && of.isPlain()) {
      StringBuilder value = new StringBuilder();
      Column.addPlain(value, plain);
      byte[] bytes = bytes(value.toString());
      put(bytes, 0, bytes.length);
    } else if (!isNull) {
      put('\'');
    }
  }

  @Override
  public void endRow() throws IOException {
    if (column != columns.size() - 1) {
      throw new IOException("A row has fewer values than there are columns");
    }
    put(')');
    if (written + length >= STATEMENT_BYTES) {
      end();
    }
  }

  /** Ends the statement that was begun, if one was. */
  void end() throws IOException {
    if (written + length > 0) {
      put(';');
      put('\n');
      flush();
      written = 0;
    }
  }

  private void put(int b) throws IOException {
    if (length == piece.length) {
      flush();
    }
    piece[length++] = (byte) b;
    written++;
  }

  private void put(byte[] bytes, int offset, int count) throws IOException {
    for (int i = offset; i < offset + count; i++) {
      put(bytes[i]);
    }
  }

  private void flush() throws IOException {
    out.write(piece, 0, length);
    length = 0;
  }
}
