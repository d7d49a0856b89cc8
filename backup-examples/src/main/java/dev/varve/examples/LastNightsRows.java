package dev.varve.examples;

import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.Key;
import dev.varve.repository.Repository;
import dev.varve.source.jdbc.JdbcTarget;
import javax.sql.DataSource;

/**
 * Gives a test the real rows of last night to work on:
 *
 * <pre>{@code
 * @BeforeAll
 * static void load() {
 *   LastNightsRows.into(database, System.getenv("BACKUPS"), Passphrase.fromEnvironment("KEY"));
 * }
 * }</pre>
 */
public final class LastNightsRows {

  private LastNightsRows() {}

  /** Restores two tables of the newest snapshot of the orders, and what these require. */
  public static void into(DataSource database, String location, Key key) {
    try (Repository repository = Repository.open(location, key)) {
      Snapshot latest = repository.snapshots().of("jdbc:orders@db-1").latest().orElseThrow();
      RestoreReport report =
          repository.restore(
              latest, JdbcTarget.into(database).tables("public.customers", "public.orders"));
      if (!report.complete()) {
        throw new IllegalStateException("Not everything was restored: " + report.problems());
      }
    }
  }
}
