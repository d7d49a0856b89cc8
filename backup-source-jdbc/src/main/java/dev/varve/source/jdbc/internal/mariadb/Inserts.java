package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes statements of many rows. Used by one thread. */
final class Inserts implements RowParser.Sink {

  /** Larger ones are not faster, and every server takes this. */
  private static final int STATEMENT_CHARACTERS = 512 << 10;

  /** Runs one statement and says how many rows it changed. */
  interface Run {
    long run(String statement) throws IOException;
  }

  private final String begin;
  private final List<Column> columns;
  private final Run run;
  private final StringBuilder statement = new StringBuilder();
  private final StringBuilder value = new StringBuilder();
  private int column;
  private boolean isNull;
  private long count;

  Inserts(String verb, String into, List<Column> columns, Run run) {
    StringBuilder names = new StringBuilder();
    for (Column each : columns) {
      names.append(names.length() == 0 ? "" : ",").append(Names.quote(each.name()));
    }
    this.begin = verb + " INTO " + into + " (" + names + ") VALUES ";
    this.columns = columns;
    this.run = run;
  }

  @Override
  public void beginValue(int number, boolean nothing) throws IOException {
    if (number >= columns.size()) {
      throw new IOException("A row has more values than there are columns");
    }
    column = number;
    isNull = nothing;
    value.setLength(0);
    if (number == 0) {
      statement.append(statement.length() == 0 ? begin : ",").append('(');
    } else {
      statement.append(',');
    }
  }

  @Override
  public void bytes(byte[] bytes, int offset, int length) {
    if (columns.get(column).isPlain()) {
      value.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    } else {
      for (int i = offset; i < offset + length; i++) {
        value.append((char) Hex.high(bytes[i])).append((char) Hex.low(bytes[i]));
      }
    }
  }

  @Override
  public void endValue() {
    Column of = columns.get(column);
    if (isNull) {
      statement.append("NULL");
    } else if (of.isPlain()) {
      Column.addPlain(statement, value);
    } else {
      statement.append(of.assigned("x'" + value + "'"));
    }
  }

  @Override
  public void endRow() throws IOException {
    if (column != columns.size() - 1) {
      throw new IOException("A row has fewer values than there are columns");
    }
    statement.append(')');
    if (statement.length() >= STATEMENT_CHARACTERS) {
      flush();
    }
  }

  /** Runs what is left. */
  void flush() throws IOException {
    if (statement.length() > 0) {
      count += run.run(statement.toString());
      statement.setLength(0);
    }
  }

  /** How many rows the server took. */
  long count() {
    return count;
  }
}
