package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A load by one connection, one step at a time. Used by one thread, except for cancelling. What
 * makes it whole or nothing is up to those who extend it.
 */
public abstract class SingleLoad implements Load {

  /** A definition, a view's or a trigger's text among them. */
  private static final int MOST_TEXT_BYTES = 64 << 20;

  private final Connection connection;
  private final Map<String, Long> counts = new TreeMap<>();
  private volatile Optional<Statement> running = Optional.empty();

  /** A load by this connection, which is closed with it. */
  protected SingleLoad(Connection connection) {
    this.connection = connection;
  }

  /** The connection. */
  protected final Connection connection() {
    return connection;
  }

  @Override
  public final int parallelSteps() {
    return 1;
  }

  @Override
  public final void cancel() {
    Optional<Statement> statement = running;
    if (statement.isPresent()) {
      try {
        statement.get().cancel();
      } catch (SQLException ended) {
        // It ended by itself; the next content it asks for fails.
        running = Optional.empty();
      }
    }
  }

  /** Runs one statement, in such a way that it can be cancelled. */
  protected final void execute(String attempted, String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      running = Optional.of(statement);
      statement.execute(sql);
    } catch (SQLException failure) {
      throw Failures.of(attempted, failure);
    } finally {
      running = Optional.empty();
    }
  }

  /** Remembers how many rows a table, as quoted in statements, must have in the end. */
  protected final void expect(String quoted, long rows) {
    counts.put(quoted, rows);
  }

  /** Compares counts. */
  protected final void verifyCounts() throws IOException {
    for (Map.Entry<String, Long> expected : counts.entrySet()) {
      long found;
      try {
        found = Sessions.number(connection, "SELECT COUNT(*) FROM " + expected.getKey());
      } catch (SQLException failure) {
        throw Failures.of("Counting rows of " + expected.getKey(), failure);
      }
      if (found != expected.getValue()) {
        throw new IOException(
            expected.getKey()
                + " should have "
                + expected.getValue()
                + " rows now and has "
                + found
                + "; is something writing to it, or does a trigger?");
      }
    }
  }

  /** The text of a step. */
  protected static String text(Step step, InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(MOST_TEXT_BYTES + 1);
    if (bytes.length > MOST_TEXT_BYTES) {
      throw new IOException(step.path() + " is too long for a definition");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The table of a step. */
  protected static TableName table(Step step) throws IOException {
    return step.table()
        .orElseThrow(() -> new IOException("The plan names no table for " + step.path()));
  }

  @Override
  public void close() throws IOException {
    Sessions.end(connection);
  }
}
