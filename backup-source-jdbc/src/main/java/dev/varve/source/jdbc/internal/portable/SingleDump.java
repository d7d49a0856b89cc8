package dev.varve.source.jdbc.internal.portable;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.BytesReading;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dump by one connection, whose transaction is the consistent view: texts that were made when it
 * began, and the rows of queries. One content is open at a time.
 */
public final class SingleDump implements Dump {

  private static final int FETCHED_ROWS = 1000;

  /** A query for the rows of a table. */
  public record Query(String sql, List<RowColumn> columns) {}

  private final Connection connection;
  private final Plan plan;
  private final Map<EntryPath, String> texts;
  private final Map<EntryPath, Query> queries;
  private final List<String> last;

  /**
   * A dump of what was found.
   *
   * @param connection in a transaction that sees one state; closed with the dump
   * @param texts the contents of steps that are at hand
   * @param queries the queries of the others
   * @param last statements that leave the connection as it was
   */
  public SingleDump(
      Connection connection,
      Plan plan,
      Map<EntryPath, String> texts,
      Map<EntryPath, Query> queries,
      List<String> last) {
    this.last = List.copyOf(last);
    this.connection = connection;
    this.plan = plan;
    this.texts = new TreeMap<>(texts);
    this.queries = new TreeMap<>(queries);
  }

  @Override
  public Plan plan() {
    return plan;
  }

  @Override
  public int parallelReads() {
    return 1;
  }

  @Override
  public Reading open(Step step) throws IOException {
    String text = texts.get(step.path());
    if (text != null) {
      return BytesReading.of(text);
    }
    Query query = queries.get(step.path());
    if (query == null) {
      throw new IOException("This dump has no " + step.path());
    }
    String name = step.table().map(Object::toString).orElse(step.path().toString());
    try {
      Statement statement = connection.createStatement();
      try {
        String driver = String.valueOf(connection.getMetaData().getDriverName());
        // That driver takes all rows at once for any other number.
        statement.setFetchSize(
            driver.startsWith("MySQL Connector") ? Integer.MIN_VALUE : FETCHED_ROWS);
        ResultSet found = statement.executeQuery(query.sql());
        return new RowEncoder(
            name,
            new RowEncoder.Rows(statement, found),
            query.columns(),
            Product.of(connection).takesAnySort());
      } catch (SQLException | RuntimeException failure) {
        try (statement) {
          throw failure;
        }
      }
    } catch (SQLException failure) {
      throw Failures.of("Reading rows of " + name, failure);
    }
  }

  @Override
  public void finish() {}

  @Override
  public void close() throws IOException {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        for (String statement : last) {
          Sessions.run(connection, statement);
        }
      }
    } catch (SQLException failure) {
      if (!Failures.isLost(failure)) {
        throw Failures.of("Ending a dump", failure);
      }
    } finally {
      Sessions.end(connection);
    }
  }
}
