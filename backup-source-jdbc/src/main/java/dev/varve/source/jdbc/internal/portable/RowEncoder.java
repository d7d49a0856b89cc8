package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.EscapedOutput;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;

/**
 * The rows of a query as a rows content: a first line with each column's name and type, a space
 * between, then one line a row; see {@link EscapedOutput} and {@link Kind}. Large values are passed
 * on piece by piece. Used by one thread, except for closing.
 */
public final class RowEncoder implements Reading {

  /** How many bytes are made before any are handed out. */
  private static final int AHEAD_BYTES = 48 << 10;

  private static final int PIECE = 16 << 10;

  /** Where rows come from: a statement that nobody else uses, and what it found. */
  public record Rows(Statement statement, ResultSet found) {}

  private final String name;
  private final Rows rows;
  private final List<RowColumn> columns;
  private final ValueEncoder values;
  private final EscapedOutput out = new EscapedOutput();
  private final char[] characters = new char[PIECE];
  private final byte[] piece = new byte[PIECE];
  private int column;
  private boolean inRow;
  private boolean ended;
  private long count;
  private LargeValue large = LargeValue.NONE;
  private boolean inLarge;
  private volatile boolean closed;

  /** A large value that is being passed on. */
  private record LargeValue(Reader text, InputStream bytes) {
    static final LargeValue NONE =
        new LargeValue(Reader.nullReader(), InputStream.nullInputStream());
  }

  /**
   * Reads what was found.
   *
   * @param name what is read, for messages
   * @param columns the columns of what was found, in their order
   * @param anySort whether a value may be of another sort than its column says
   */
  public RowEncoder(String name, Rows rows, List<RowColumn> columns, boolean anySort) {
    this.name = name;
    this.rows = rows;
    this.columns = List.copyOf(columns);
    this.values = new ValueEncoder(out, anySort);
    for (int i = 0; i < columns.size(); i++) {
      out.ascii(i == 0 ? "" : "\t");
      out.text(columns.get(i).name());
      out.raw(' ');
      out.text(columns.get(i).type().toString().replace(" ", "%20"));
    }
    out.raw('\n');
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    try {
      while (out.size() < AHEAD_BYTES && !ended) {
        advance();
      }
    } catch (SQLException failure) {
      throw Failures.of("Reading row " + (count + 1) + " of " + name, failure);
    }
    return out.size() == 0 ? -1 : out.drainTo(into);
  }

  private void advance() throws SQLException, IOException {
    if (closed) {
      throw new IOException("Reading of " + name + " was stopped");
    }
    if (inLarge) {
      continueLarge();
    } else if (inRow) {
      value();
    } else if (rows.found().next()) {
      inRow = true;
      column = 0;
    } else {
      ended = true;
    }
  }

  private void value() throws SQLException, IOException {
    if (column == columns.size()) {
      out.raw('\n');
      inRow = false;
      count++;
      return;
    }
    RowColumn next = columns.get(column++);
    if (column > 1) {
      out.raw('\t');
    }
    if (!next.large()) {
      values.encode(rows.found(), column, next.type());
    } else if (next.type().kind() == Kind.BINARY) {
      InputStream bytes = rows.found().getBinaryStream(column);
      begin(bytes == null, new LargeValue(Reader.nullReader(), bytes));
    } else {
      Reader text = rows.found().getCharacterStream(column);
      begin(text == null, new LargeValue(text, InputStream.nullInputStream()));
    }
  }

  private void begin(boolean isNull, LargeValue value) {
    if (isNull) {
      out.nothing();
    } else {
      large = value;
      inLarge = true;
    }
  }

  private void continueLarge() throws IOException {
    int read = large.bytes().read(piece);
    if (read > 0) {
      out.binary(piece, 0, read);
      return;
    }
    read = large.text().read(characters, 0, PIECE - 1);
    if (read < 0) {
      large.text().close();
      large.bytes().close();
      large = LargeValue.NONE;
      inLarge = false;
      return;
    }
    if (read > 0 && Character.isHighSurrogate(characters[read - 1])) {
      read += Math.max(0, large.text().read(characters, read, 1));
    }
    out.text(java.nio.CharBuffer.wrap(characters, 0, read), 0, read);
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.of(count);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try (Statement statement = rows.statement()) {
      if (!ended) {
        statement.cancel();
      }
    } catch (SQLException failure) {
      throw Failures.of("Ending the reading of " + name, failure);
    }
  }
}
