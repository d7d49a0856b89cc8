package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.RefusedException;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Says whether a dump would succeed: version, rights, connections. Stateless. */
final class Check {

  private static final int MOST_NAMED = 20;

  private Check() {}

  static void run(Connections connections, DumpOptions options) throws IOException {
    try (SessionPool pool = new SessionPool(connections, options.connections())) {
      Catalog catalog = new Catalog(pool.leader().connection());
      PostgreSqlDialect.requireVersion(catalog, connections);
      List<String> missing = missing(catalog, options);
      if (!missing.isEmpty()) {
        int more = missing.size() - MOST_NAMED;
        throw new RefusedException(
            connections
                + " cannot be dumped by this user: "
                + String.join("; ", missing.subList(0, Math.min(missing.size(), MOST_NAMED)))
                + (more > 0 ? "; and " + more + " more" : "")
                + "; grant pg_read_all_data, or exclude them");
      }
      List<Session> taken = new ArrayList<>();
      for (int i = 0; i < options.connections(); i++) {
        taken.add(pool.acquire());
      }
      taken.forEach(pool::release);
    } catch (SQLException failure) {
      throw Failures.of("Checking " + connections, failure);
    }
  }

  private static List<String> missing(Catalog catalog, DumpOptions options) throws SQLException {
    List<String> missing = new ArrayList<>();
    catalog.visit(
        "SELECT nspname, relname, relkind, has_schema_privilege(n.oid, 'USAGE') AS usable,"
            + " CASE WHEN relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT')"
            + " ELSE has_table_privilege(c.oid, 'SELECT') END AS readable,"
            + " relkind IN ('r', 'p') AND row_security_active(c.oid) AS filtered"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            + " WHERE relkind IN ('r', 'p', 'S') AND "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_class", "c.oid")
            + " ORDER BY 1, 2",
        row -> {
          TableName table = new TableName(row.text("nspname"), row.text("relname"));
          boolean wanted =
              row.text("relkind").equals("S")
                  ? options.selection().takesSchema(table.schema())
                  : options.selection().takes(table);
          if (wanted && !row.is("usable")) {
            missing.add("no USAGE on schema " + table.schema() + " for " + table);
          } else if (wanted && !row.is("readable")) {
            missing.add("no SELECT on " + table);
          } else if (wanted && row.is("filtered")) {
            missing.add("row security would hide rows of " + table);
          }
        });
    return missing;
  }
}
