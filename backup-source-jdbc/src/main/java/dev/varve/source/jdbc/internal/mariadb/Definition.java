package dev.varve.source.jdbc.internal.mariadb;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A statement that makes something, and the settings under which it must run. Immutable.
 *
 * @param sql the statement
 * @param settings by the names they have in plans
 */
record Definition(String sql, Map<String, String> settings) {

  static final String SQL_MODE = "sql-mode";
  static final String CLIENT = "character-set-client";
  static final String COLLATION = "collation-connection";
  static final String SCHEMA_COLLATION = "database-collation";
  static final String TIME_ZONE = "time-zone";

  /** Copies the map. */
  Definition {
    settings = Map.copyOf(settings);
  }

  /**
   * What {@code SHOW CREATE} answered for a routine, trigger or event, whose columns are in another
   * order for each; empty if the server hides the text.
   *
   * @param shift how many columns more there are before the text than for a routine
   */
  static Optional<Definition> shown(Row row, int shift) {
    Optional<String> sql = row.find(3 + shift);
    if (sql.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> settings = new TreeMap<>();
    settings.put(SQL_MODE, row.text(2));
    if (shift == 1) {
      settings.put(TIME_ZONE, row.text(3));
    }
    settings.put(CLIENT, row.text(4 + shift));
    settings.put(COLLATION, row.text(5 + shift));
    settings.put(SCHEMA_COLLATION, row.text(6 + shift));
    return Optional.of(new Definition(sql.get(), settings));
  }

  /** What {@code SHOW CREATE VIEW} answered. */
  static Definition ofView(Row row) {
    return new Definition(row.text(2), Map.of(CLIENT, row.text(3), COLLATION, row.text(4)));
  }
}
