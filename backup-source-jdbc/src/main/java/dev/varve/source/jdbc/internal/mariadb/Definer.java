package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Runs statements that make things, each under the settings it was made with. Used by one thread.
 */
final class Definer {

  private final Session session;
  private final PluginContext context;

  Definer(Session session, PluginContext context) {
    this.session = session;
    this.context = context;
  }

  /** Runs a definition in a schema. */
  void run(Definition definition, String schema) throws SQLException {
    session.run("USE " + Names.quote(schema));
    Map<String, String> settings = definition.settings();
    if (settings.isEmpty()) {
      session.run(definition.sql());
      return;
    }
    String wanted = settings.getOrDefault(Definition.SCHEMA_COLLATION, "");
    String collation = wanted.isEmpty() ? "" : collationOf(schema);
    boolean altered = !wanted.equals(collation);
    try {
      if (altered) {
        setCollation(schema, wanted);
      }
      session.run(settingsOf(definition));
      session.run(definition.sql());
    } finally {
      session.run(
          "SET SESSION sql_mode='"
              + Session.LOAD_MODE
              + "', time_zone='+00:00', character_set_client="
              + session.original("character_set_client")
              + ", collation_connection="
              + session.original("collation_connection"));
      if (altered) {
        setCollation(schema, collation);
      }
    }
  }

  private String settingsOf(Definition definition) {
    StringJoiner set = new StringJoiner(", ", "SET ", "");
    definition
        .settings()
        .forEach(
            (name, value) -> {
              switch (name) {
                case Definition.SQL_MODE -> set.add("SESSION sql_mode=" + Names.text(value));
                case Definition.TIME_ZONE -> set.add("SESSION time_zone=" + Names.text(value));
                case Definition.COLLATION ->
                    set.add("SESSION collation_connection=" + Names.text(value));
                case Definition.CLIENT -> {
                  if (isReadAs(definition.sql(), value)) {
                    set.add("SESSION character_set_client=" + Names.text(value));
                  }
                }
                default -> set.add("@varve_unused=0");
              }
            });
    return set.toString();
  }

  /** Drivers send UTF-8: what they send is the same in the character set if it is ASCII. */
  private boolean isReadAs(String sql, String charset) {
    if (charset.startsWith("utf8") || sql.chars().allMatch(c -> c < 128)) {
      return true;
    }
    context.warn(
        "A definition with text outside ASCII was made by a client in "
            + charset
            + "; it is made again as the same text by one in UTF-8: "
            + sql.substring(0, Math.min(100, sql.length())));
    return false;
  }

  private String collationOf(String schema) throws SQLException {
    List<Row> rows =
        session.rows(
            "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME="
                + Names.text(schema));
    return rows.isEmpty() ? "" : rows.get(0).text(1);
  }

  private void setCollation(String schema, String collation) throws SQLException {
    session.run("ALTER DATABASE " + Names.quote(schema) + " COLLATE " + collation);
  }

  /** Runs a definition in a schema, telling of what was attempted if it fails. */
  void run(String attempted, Definition definition, String schema) throws IOException {
    try {
      run(definition, schema);
    } catch (SQLException failure) {
      throw Faults.of(attempted, failure);
    }
  }
}
