package dev.varve.source.jdbc;

import dev.varve.Entry;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes a snapshot of a {@link JdbcSource} as a script for the database's own command-line client,
 * e.g. {@code psql}, following the snapshot's plan. Immutable: each setting gives another target.
 *
 * <p>A script that is broken off is not to be run: whoever reads it must know whether the restore
 * went well.
 */
public final class JdbcScript implements Target {

  private final OutputStream out;
  private final TablePatterns tables;
  private final boolean schemaOnly;

  private JdbcScript(OutputStream out, TablePatterns tables, boolean schemaOnly) {
    this.out = out;
    this.tables = tables;
    this.schemaOnly = schemaOnly;
  }

  /** Writes to a stream, which is flushed and not closed. For one restore. */
  public static JdbcScript to(OutputStream out) {
    return new JdbcScript(out, TablePatterns.EVERYTHING, false);
  }

  /**
   * This script and only tables that match one of these patterns, with what they require; see
   * {@link JdbcTarget#tables}.
   *
   * @throws dev.varve.ConfigurationException if a pattern is malformed
   */
  public JdbcScript tables(String... patterns) {
    TablePatterns more = tables;
    for (String pattern : patterns) {
      more = more.include(pattern);
    }
    return new JdbcScript(out, more, schemaOnly);
  }

  /** This script without rows. */
  public JdbcScript schemaOnly() {
    return new JdbcScript(out, tables, true);
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    StepChoice choice =
        StepChoice.of(contents, context, new StepChoice.Wish(tables, true, !schemaOnly));
    OutputStream written = context.dryRun() ? OutputStream.nullOutputStream() : out;
    try (SqlScript script =
        Dialects.named(choice.plan().dialect()).script(choice.plan(), choice.steps(), written)) {
      for (Step step : choice.steps()) {
        if (context.cancelled()) {
          throw new IOException("The restore was cancelled");
        }
        try (InputStream content = contents.open(step.path())) {
          script.write(step, content);
        }
        context.restored(choice.entry(step));
      }
    }
    for (Entry entry : choice.described()) {
      context.restored(entry);
    }
    written.flush();
  }

  @Override
  public String toString() {
    return "a script";
  }
}
