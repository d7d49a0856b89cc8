package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dialect;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is known of PostgreSQL 12 and newer. */
public final class PostgreSqlDialect implements Dialect {

  static final String NAME = "postgresql";

  private static final int OLDEST = 12;
  private static final int LOCKS_A_STATEMENT = 500;

  /** 64 MiB of pages of 8 KiB. */
  private static final long PART_PAGES = 8_192;

  private final long partPages;

  /** The dialect. */
  public PostgreSqlDialect() {
    this(PART_PAGES);
  }

  /** One that reads tables of more than so many pages in parts. */
  PostgreSqlDialect(long partPages) {
    this.partPages = partPages;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Others speak its protocol and say that they were it; their version tells. */
  @Override
  public boolean speaks(Connection connection) throws SQLException {
    if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
      return false;
    }
    try (Statement statement = connection.createStatement();
        var result = statement.executeQuery("SELECT version()")) {
      return result.next() && result.getString(1).startsWith("PostgreSQL");
    }
  }

  @Override
  public Dump dump(Connections connections, DumpOptions options, PluginContext context)
      throws IOException {
    SessionPool pool;
    try {
      pool = new SessionPool(connections, options.connections());
    } catch (SQLException failure) {
      throw Failures.of("Beginning to dump " + connections, failure);
    }
    context.onCancel(pool.leader()::cancel);
    try {
      Session leader = pool.leader();
      Catalog catalog = new Catalog(leader.connection());
      requireVersion(catalog, connections);
      lock(leader, catalog, options);
      Contents contents = new Planner(catalog, options, partPages).contents();
      return new PostgreSqlDump(connections, pool, contents);
    } catch (SQLException failure) {
      pool.close();
      throw Failures.of("Reading the definitions of " + connections, failure);
    } catch (IOException | RuntimeException failure) {
      pool.close();
      throw failure;
    }
  }

  static void requireVersion(Catalog catalog, Connections connections) throws IOException {
    if (catalog.version() < OLDEST) {
      throw new IOException(
          connections
              + " is PostgreSQL "
              + catalog.version()
              + "; dumps are made of "
              + OLDEST
              + " and newer");
    }
  }

  private static List<String> tables(Catalog catalog, DumpOptions options) throws SQLException {
    List<String> names = new ArrayList<>();
    catalog.visit(
        "SELECT nspname, relname, quote_ident(nspname) || '.' || quote_ident(relname) AS name"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            + " WHERE relkind IN ('r', 'p') AND "
            + Catalog.USER_SCHEMA
            + " AND "
            + Catalog.own("pg_class", "c.oid")
            + " ORDER BY 1, 2",
        row -> {
          if (options.selection().takes(new TableName(row.text("nspname"), row.text("relname")))) {
            names.add(row.text("name"));
          }
        });
    return names;
  }

  /** Nobody drops or alters a table while it is dumped; reading and writing go on. */
  private static void lock(Session leader, Catalog catalog, DumpOptions options)
      throws SQLException {
    List<String> names = tables(catalog, options);
    for (int from = 0; from < names.size(); from += LOCKS_A_STATEMENT) {
      List<String> some = names.subList(from, Math.min(names.size(), from + LOCKS_A_STATEMENT));
      leader.execute("LOCK TABLE ONLY " + String.join(", ONLY ", some) + " IN ACCESS SHARE MODE");
    }
  }

  @Override
  public void check(Connections connections, DumpOptions options) throws IOException {
    Check.run(connections, options);
  }

  @Override
  public Load load(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws IOException {
    return Loads.begin(connections, plan, steps, options, context);
  }

  @Override
  public SqlScript script(Plan plan, List<Step> steps, OutputStream out) throws IOException {
    return new PsqlScript(plan, out);
  }
}
