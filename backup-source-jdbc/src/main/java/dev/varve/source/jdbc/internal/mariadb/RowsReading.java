package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.SourceLostException;
import dev.varve.source.jdbc.internal.dialect.EscapedOutput;
import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The rows of a table as {@code LOAD DATA} reads them, in the form of {@link EscapedOutput}, read
 * as they come. Used by one thread, but for closing.
 *
 * <p>A table that may hold values too large for memory is read page by page: a value above {@value
 * #LARGE_BYTES} bytes is shown as null with a mark, the page is given up, the value is read in
 * pieces by its row's key, and the next page begins after that row.
 */
final class RowsReading implements Reading {

  static final int LARGE_BYTES = 4 << 20;
  private static final String LARGE_VALUE = "@varve_large_value";
  private static final int ENOUGH_BYTES = 64 << 10;
  private static final long PAGE_BYTES = 64 << 20;
  private static final int FETCH_BYTES = 256 << 10;
  private static final long CANCEL_SECONDS = 5;

  private final Session session;
  private final Table table;
  private final Runnable release;
  private final String attempted;
  private final ReentrantLock turn = new ReentrantLock();
  private final EscapedOutput bytes = new EscapedOutput();
  private final List<SentValue> sentValues;

  private Optional<Statement> statement = Optional.empty();
  private Optional<ResultSet> page = Optional.empty();
  private Optional<LargeRow> largeRow = Optional.empty();
  private List<byte[]> lastKey = List.of();
  private long pageRows;
  private long pageRead;
  private long pageBegan;
  private long handedOn;
  private long rows;
  private boolean ended;
  private boolean released;
  private volatile boolean closed;

  /** Reads with a session that nobody else uses until {@code release} runs. */
  RowsReading(Session session, Table table, Runnable release) {
    this.session = session;
    this.table = table;
    this.release = release;
    this.sentValues = SentValue.of(table);
    this.attempted = "Reading the rows of " + table.schema() + "." + table.name();
    long guess = PAGE_BYTES / Math.max(64, table.averageRowBytes());
    this.pageRows = Math.max(10, Math.min(guess, 1_000_000));
  }

  private boolean isPaged() {
    return !table.large().isEmpty();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    turn.lock();
    try {
      while (bytes.size() == 0 && !ended) {
        fill();
      }
      if (closed) {
        throw new IOException(attempted + " was broken off");
      }
      int count = bytes.size() == 0 ? -1 : bytes.drainTo(into);
      handedOn += Math.max(0, count);
      return count;
    } catch (SQLException failure) {
      if (closed) {
        throw new IOException(attempted + " was broken off", failure);
      }
      if (Faults.isLost(failure)) {
        // A driver may think that its rows still come, and take no other statement.
        session.abort();
      }
      IOException told = Faults.of(attempted, failure);
      throw new SourceLostException(String.valueOf(told.getMessage()), failure);
    } finally {
      turn.unlock();
    }
  }

  private void fill() throws SQLException {
    while (bytes.size() < ENOUGH_BYTES && !ended && !closed) {
      if (largeRow.isPresent()) {
        if (!largeRow.get().more()) {
          largeRow = Optional.empty();
          rows++;
        }
      } else if (page.isEmpty()) {
        openPage();
      } else if (page.get().next()) {
        takeRow(page.get());
      } else {
        closePage();
        ended = !isPaged() || pageRead < pageRows;
        adaptPage();
      }
    }
  }

  /** Pages are to hold as many bytes as was wished, whatever the server guessed of the rows. */
  private void adaptPage() {
    long bytesRead = Math.max(1, handedOn + bytes.size() - pageBegan);
    long wished = pageRows * PAGE_BYTES / bytesRead;
    pageRows = Math.max(10, Math.min(Math.max(wished, pageRows / 4), pageRows * 4));
  }

  private void openPage() throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (SentValue sentValue : sentValues) {
      sql.append(sentValue.selected()).append(',');
    }
    sql.append(isPaged() ? anyLarge() : "0").append(" FROM ").append(table.quoted());
    if (!table.key().isEmpty()) {
      sql.append(" FORCE INDEX (PRIMARY)");
    }
    if (!lastKey.isEmpty()) {
      sql.append(" WHERE ").append(table.where(Table.Which.AFTER, lastKey));
    }
    sql.append(table.order());
    if (isPaged()) {
      sql.append(" LIMIT ").append(pageRows);
    }
    pageRead = 0;
    pageBegan = handedOn + bytes.size();
    Statement opened = session.statement();
    statement = Optional.of(opened);
    int fetch = session.server().streamFetchSize();
    if (fetch > 0) {
      long fit =
          FETCH_BYTES / Math.max(1, Math.max(table.longestRowBytes(), isPaged() ? LARGE_BYTES : 0));
      fetch = (int) Math.max(1, Math.min(1000, fit));
    }
    opened.setFetchSize(fetch);
    page = Optional.of(opened.executeQuery(sql.toString()));
  }

  /** An expression that is 1 where a value of the row is too large. */
  private String anyLarge() {
    return table.large().stream()
        .map(large -> "LENGTH(" + Names.quote(large.name()) + ")>" + LARGE_BYTES)
        .collect(Collectors.joining(" OR "));
  }

  private void takeRow(ResultSet row) throws SQLException {
    pageRead++;
    int before = bytes.size();
    boolean mayBeLarge = false;
    for (int i = 0; i < sentValues.size(); i++) {
      SentValue sentValue = sentValues.get(i);
      if (i > 0) {
        bytes.raw('\t');
      }
      byte[] value = row.getBytes(i + 1);
      if (value == null) {
        sentValue.requireNullable();
        bytes.nothing();
        mayBeLarge |= sentValue.large();
      } else if (sentValue.escaped()) {
        sentValue.requireWhole(value);
        bytes.escaped(value);
      } else {
        bytes.binary(value, 0, value.length);
      }
    }
    if (mayBeLarge && row.getInt(sentValues.size() + 1) == 1) {
      bytes.takeBack(bytes.size() - before);
      List<Optional<byte[]>> values = values(row);
      lastKey = key(values);
      giveUpPage();
      largeRow = Optional.of(new LargeRow(values));
      return;
    }
    bytes.raw('\n');
    rows++;
    if (isPaged() && pageRead == pageRows) {
      lastKey = key(values(row));
    }
  }

  private List<Optional<byte[]>> values(ResultSet row) throws SQLException {
    List<Optional<byte[]>> values = new ArrayList<>();
    for (int i = 0; i < sentValues.size(); i++) {
      values.addAll(sentValues.get(i).values(Optional.ofNullable(row.getBytes(i + 1))));
    }
    return values;
  }

  private List<byte[]> key(List<Optional<byte[]>> values) {
    return table.key().stream()
        .map(column -> values.get(table.columns().indexOf(column)).orElseThrow())
        .toList();
  }

  private void closePage() throws SQLException {
    Optional<Statement> open = statement;
    page = Optional.empty();
    statement = Optional.empty();
    if (open.isPresent()) {
      open.get().close();
    }
  }

  /** Closes a page that is not read to its end; what comes still is read and thrown away. */
  private void giveUpPage() throws SQLException {
    closePage();
    pageRead = 0;
  }

  /** A row with a value that is read in pieces. */
  private final class LargeRow {

    private final List<Optional<byte[]>> values;
    private final List<Long> lengths = new ArrayList<>();
    private int column;
    private long offset;

    LargeRow(List<Optional<byte[]>> values) throws SQLException {
      this.values = values;
      StringBuilder sql = new StringBuilder("SELECT ");
      for (Column large : table.large()) {
        sql.append("LENGTH(").append(Names.quote(large.name())).append("),");
      }
      Row row = session.rows(sql + "0" + atThisRow()).get(0);
      for (int i = 1; i <= table.large().size(); i++) {
        lengths.add(row.number(i));
      }
    }

    private String atThisRow() {
      return " FROM " + table.quoted() + " WHERE " + table.where(Table.Which.AT, lastKey);
    }

    /** Adds some of the row; false once it is complete. */
    boolean more() throws SQLException {
      if (column == values.size()) {
        bytes.raw('\n');
        return false;
      }
      if (offset == 0 && column > 0) {
        bytes.raw('\t');
      }
      int large = table.large().indexOf(table.columns().get(column));
      if (large >= 0 && lengths.get(large) > LARGE_BYTES) {
        byte[] piece = piece();
        bytes.binary(piece, 0, piece.length);
        offset += LARGE_BYTES;
        if (offset < lengths.get(large)) {
          return true;
        }
        session.run("SET " + LARGE_VALUE + "=NULL");
      } else if (values.get(column).isPresent()) {
        byte[] value = values.get(column).get();
        bytes.binary(value, 0, value.length);
      } else {
        bytes.nothing();
      }
      column++;
      offset = 0;
      return true;
    }

    /**
     * The next piece of a value. The server keeps the value in a variable meanwhile: to cut each
     * piece out of the table it would read all of the value each time.
     */
    private byte[] piece() throws SQLException {
      Column read = table.columns().get(column);
      if (offset == 0) {
        // A CAST ends at max_allowed_packet; CONVERT, SUBSTRING and variables do not.
        String name = Names.quote(read.name());
        boolean bytes = read.kind() == Column.Kind.BINARY;
        String whole = bytes ? name : "CONVERT(" + name + " USING binary)";
        session.run("SELECT " + whole + " INTO " + LARGE_VALUE + atThisRow());
      }
      try (Statement one = session.statement();
          ResultSet answer =
              one.executeQuery(
                  "SELECT SUBSTRING("
                      + LARGE_VALUE
                      + ","
                      + (offset + 1)
                      + ","
                      + LARGE_BYTES
                      + ")")) {
        byte[] piece = answer.next() ? answer.getBytes(1) : null;
        if (piece == null) {
          throw new SQLException("The server does not show a piece of a large value");
        }
        return piece;
      }
    }
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.of(rows);
  }

  /** From another thread too: what is read then ends with a failure, not as if complete. */
  @Override
  public void close() throws IOException {
    closed = true;
    if (!turn.tryLock()) {
      session.cancel();
      await();
    }
    try {
      if (!released) {
        released = true;
        breakOff();
        release.run();
      }
    } finally {
      turn.unlock();
    }
  }

  private void await() {
    try {
      if (!turn.tryLock(CANCEL_SECONDS, TimeUnit.SECONDS)) {
        session.abort();
        turn.lock();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      session.abort();
      turn.lock();
    }
  }

  private void breakOff() throws IOException {
    try {
      if (page.isPresent() && !ended) {
        session.cancel();
      }
      closePage();
    } catch (SQLException failure) {
      if (ended) {
        throw Faults.of(attempted, failure);
      }
      if (failure.getErrorCode() != Faults.INTERRUPTED) {
        session.abort();
      }
    }
  }
}
