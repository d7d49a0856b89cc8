package dev.varve.source.jdbc.internal.portable;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dialect;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Any database by what JDBC alone tells of it: tables, columns, constant defaults, numbering, keys,
 * indexes, foreign keys, views where their text can be had, and rows. What one kind of database
 * wrote another can load.
 */
public final class PortableDialect implements Dialect {

  private final Optional<Product> written;

  /** A dialect whose scripts are for the kind of database that was dumped. */
  public PortableDialect() {
    this(Optional.empty());
  }

  /** A dialect whose scripts are for this kind of database. */
  public PortableDialect(Product written) {
    this(Optional.of(written));
  }

  private PortableDialect(Optional<Product> written) {
    this.written = written;
  }

  /** Whether PostgreSQL's driver speaks to CockroachDB, which is carried by this dialect alone. */
  public static boolean isCockroach(Connection connection) throws SQLException {
    return Product.of(connection) == Product.POSTGRESQL
        && Sessions.rows(connection, "SELECT version()").get(0).get(0).startsWith("CockroachDB");
  }

  @Override
  public String name() {
    return "portable";
  }

  /** It takes any database, but none unasked. */
  @Override
  public boolean speaks(Connection connection) {
    return true;
  }

  @Override
  public Dump dump(Connections connections, DumpOptions options, PluginContext context)
      throws IOException {
    return Sessions.begin(
        connections,
        "Reading what " + connections + " holds",
        connection -> new PortableSchema(connection, options.selection()).dump());
  }

  @Override
  public void check(Connections connections, DumpOptions options) throws IOException {
    Sessions.use(
        connections,
        "Reading what " + connections + " holds",
        connection -> new TableModels(connection, options.selection()).read());
  }

  @Override
  public Load load(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws IOException {
    return Sessions.begin(
        connections,
        "Preparing " + connections,
        connection -> PortableLoad.begin(connection, plan, steps, options, context));
  }

  @Override
  public SqlScript script(Plan plan, List<Step> steps, OutputStream out) throws IOException {
    String dumped = plan.facts().getOrDefault(PortableSchema.KIND, Product.OTHER.name());
    Product product = Product.OTHER;
    for (Product known : Product.values()) {
      product = known.name().equals(dumped) ? known : product;
    }
    return new PortableScript(plan, written.orElse(product), out);
  }
}
