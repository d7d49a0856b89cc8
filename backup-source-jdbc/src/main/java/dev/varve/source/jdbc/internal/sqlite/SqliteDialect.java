package dev.varve.source.jdbc.internal.sqlite;

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
import dev.varve.source.jdbc.internal.portable.Product;
import dev.varve.source.jdbc.internal.portable.Sessions;
import dev.varve.source.jdbc.internal.portable.StatementScript;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * SQLite: what {@code sqlite_schema} says, and rows with a sort for each value. One read
 * transaction is the view; one write transaction loads, in every mode.
 */
public final class SqliteDialect implements Dialect {

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public boolean speaks(Connection connection) throws SQLException {
    return Product.of(connection) == Product.SQLITE;
  }

  @Override
  public Dump dump(Connections connections, DumpOptions options, PluginContext context)
      throws IOException {
    return Sessions.begin(
        connections,
        "Reading what " + connections + " holds",
        connection -> new SqliteSchema(connection, options.selection()).dump());
  }

  @Override
  public void check(Connections connections, DumpOptions options) throws IOException {
    Sessions.use(
        connections,
        "Reading what " + connections + " holds",
        connection -> Sessions.number(connection, "SELECT COUNT(*) FROM sqlite_schema"));
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
        connection -> SqliteLoad.begin(connection, steps, options, context));
  }

  @Override
  public SqlScript script(Plan plan, List<Step> steps, OutputStream out) throws IOException {
    return new StatementScript(
        Product.SQLITE,
        out,
        List.of("PRAGMA foreign_keys=OFF", "BEGIN TRANSACTION"),
        List.of("COMMIT"));
  }
}
