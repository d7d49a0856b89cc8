package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * Puts the rows of a content into a table, many at a time. Used by one thread. Ends no transaction.
 */
public final class RowInsert {

  private final Connection connection;
  private final Product product;

  /** Writes by this connection. */
  public RowInsert(Connection connection, Product product) {
    this.connection = connection;
    this.product = product;
  }

  /** How a row is put into its table; {@code ?} stands for each value, in the columns' order. */
  public interface Statements {
    /** The statement for these columns; one is text that is no UTF-8 where {@code raw} says so. */
    String insert(List<RowColumn> columns, List<String> values);
  }

  /**
   * Puts all rows in.
   *
   * @param expected how many there should be
   * @return how many there were
   * @throws IOException naming the table and the row where it fails
   */
  public long insert(
      TableName table, InputStream content, OptionalLong expected, Statements statements)
      throws IOException {
    try (RowDecoder rows = new RowDecoder(content)) {
      List<String> marks = Collections.nCopies(rows.columns().size(), "?");
      Batch batch = new Batch(table, rows);
      try (PreparedStatement insert =
          connection.prepareStatement(statements.insert(rows.columns(), marks))) {
        while (rows.next()) {
          if (isOdd(rows)) {
            batch.execute(insert);
            insertOdd(table, rows, statements);
          } else {
            batch.add(insert);
          }
        }
        batch.execute(insert);
      } catch (SQLException failure) {
        throw Failures.of("Putting rows into " + table, failure);
      }
      if (expected.isPresent() && expected.getAsLong() != rows.count()) {
        throw new IOException(
            table
                + " had "
                + expected.getAsLong()
                + " rows when it was dumped, not "
                + rows.count());
      }
      return rows.count();
    } catch (EOFException cut) {
      throw new IOException("Rows of " + table + ": " + cut.getMessage(), cut);
    }
  }

  /** Whether a row needs a statement of its own. */
  private static boolean isOdd(RowDecoder rows) throws IOException {
    for (int i = 0; i < rows.columns().size(); i++) {
      if (rows.columns().get(i).type().kind() == Kind.ANY && rows.isRawText(i)) {
        return true;
      }
    }
    return false;
  }

  private void insertOdd(TableName table, RowDecoder rows, Statements statements)
      throws IOException, SQLException {
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      marks.add(rows.isRawText(i) ? "CAST(? AS TEXT)" : "?");
    }
    try (PreparedStatement insert =
        connection.prepareStatement(statements.insert(rows.columns(), marks))) {
      Batch one = new Batch(table, rows);
      one.add(insert);
      one.execute(insert);
    }
  }

  /** Rows that wait to be sent together. */
  private final class Batch {

    private final TableName table;
    private final RowDecoder rows;
    private final ValueBinder binder = new ValueBinder(connection, product);
    private int waiting;
    private long last;

    Batch(TableName table, RowDecoder rows) {
      this.table = table;
      this.rows = rows;
    }

    void add(PreparedStatement insert) throws SQLException, IOException {
      boolean large = false;
      for (int i = 0; i < rows.columns().size(); i++) {
        binder.bind(insert, i + 1, rows.columns().get(i).type(), rows, i);
        large |= rows.isSpooled(i);
      }
      insert.addBatch();
      waiting++;
      last = rows.count();
      // What is read from files is gone with the next row.
      if (waiting == product.batchRows() || large || rows.rowBytes() > 100_000) {
        execute(insert);
      }
    }

    void execute(PreparedStatement insert) throws IOException {
      if (waiting == 0) {
        return;
      }
      long first = last - waiting + 1;
      try {
        insert.executeBatch();
      } catch (SQLException failure) {
        throw Failures.of(
            "Putting " + which(failure, first) + " into " + table, innermost(failure));
      }
      waiting = 0;
    }

    private String which(SQLException failure, long first) {
      if (failure instanceof BatchUpdateException batch) {
        int[] done = batch.getUpdateCounts();
        int failed = 0;
        while (failed < done.length && done[failed] != Statement.EXECUTE_FAILED) {
          failed++;
        }
        return "row " + Math.min(first + failed, last);
      }
      return waiting == 1 ? "row " + first : "rows " + first + " to " + last;
    }

    /** A batch's failure says less than its cause. */
    private static SQLException innermost(SQLException failure) {
      SQLException next = failure.getNextException();
      return failure instanceof BatchUpdateException && next != null ? next : failure;
    }
  }
}
