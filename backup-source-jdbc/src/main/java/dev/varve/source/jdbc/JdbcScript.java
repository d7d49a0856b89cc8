package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.Entry;
import dev.varve.source.jdbc.internal.dialect.Dialect;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.portable.PortableDialect;
import dev.varve.source.jdbc.internal.portable.Product;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

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
  private final Optional<Product> product;

  private JdbcScript(
      OutputStream out, TablePatterns tables, boolean schemaOnly, Optional<Product> product) {
    this.out = out;
    this.tables = tables;
    this.schemaOnly = schemaOnly;
    this.product = product;
  }

  /** Writes to a stream, which is flushed and not closed. For one restore. */
  public static JdbcScript to(OutputStream out) {
    return new JdbcScript(out, TablePatterns.EVERYTHING, false, Optional.empty());
  }

  /**
   * This script and only tables that match one of these patterns, with what they require; see
   * {@link JdbcTarget#tables}.
   *
   * @throws ConfigurationException if a pattern is malformed
   */
  public JdbcScript tables(String... patterns) {
    TablePatterns more = tables;
    for (String pattern : patterns) {
      more = more.include(pattern);
    }
    return new JdbcScript(out, more, schemaOnly, product);
  }

  /** This script without rows. */
  public JdbcScript schemaOnly() {
    return new JdbcScript(out, tables, true, product);
  }

  /**
   * This script for another kind of database than the one that was dumped: {@code postgresql},
   * {@code mariadb}, {@code h2}, {@code sqlite} or {@code other}. For portable snapshots.
   *
   * @throws ConfigurationException if there is no such kind
   */
  public JdbcScript product(String name) {
    for (Product known : Product.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(name)) {
        return new JdbcScript(out, tables, schemaOnly, Optional.of(known));
      }
    }
    throw new ConfigurationException(
        "There are no scripts for '"
            + name
            + "'; there are for postgresql, mariadb, h2, sqlite and other");
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    StepChoice choice =
        StepChoice.of(contents, context, new StepChoice.Wish(tables, true, !schemaOnly));
    OutputStream written = context.dryRun() ? OutputStream.nullOutputStream() : out;
    try (SqlScript script = dialect(choice.plan()).script(choice.plan(), choice.steps(), written)) {
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

  private Dialect dialect(Plan plan) throws IOException {
    if (product.isEmpty()) {
      return Dialects.named(plan.dialect());
    }
    if (!plan.dialect().equals(Dialects.portable().name())) {
      throw new IOException(
          "The snapshot is one of "
              + plan.product()
              + " in its own words, so its script can only be for that; back up with portable");
    }
    return new PortableDialect(product.get());
  }

  @Override
  public String toString() {
    return "a script";
  }
}
