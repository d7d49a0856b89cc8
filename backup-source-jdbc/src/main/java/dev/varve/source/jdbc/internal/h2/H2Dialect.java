package dev.varve.source.jdbc.internal.h2;

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
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * H2: what its {@code SCRIPT} says, statement by statement, and rows in the portable encoding. One
 * transaction of isolation level snapshot is the view.
 */
public final class H2Dialect implements Dialect {

  @Override
  public String name() {
    return "h2";
  }

  @Override
  public boolean speaks(Connection connection) throws SQLException {
    return Product.of(connection) == Product.H2;
  }

  @Override
  public Dump dump(Connections connections, DumpOptions options, PluginContext context)
      throws IOException {
    return Sessions.begin(
        connections,
        "Reading what " + connections + " holds",
        connection -> new H2Schema(connection, options).dump());
  }

  @Override
  public void check(Connections connections, DumpOptions options) throws IOException {
    Sessions.use(
        connections,
        "Reading what " + connections + " holds",
        connection -> new H2Schema(connection, options).dump());
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
        connection -> H2Load.begin(connection, steps, options, context));
  }

  @Override
  public SqlScript script(Plan plan, List<Step> steps, OutputStream out) throws IOException {
    StatementScript script = new StatementScript(Product.H2, out, List.of(), List.of());
    return new SqlScript() {
      @Override
      public void write(Step step, InputStream content) throws IOException {
        if (H2Load.isRows(step)) {
          script.writeRows(H2Load.quoted(step), content, " OVERRIDING SYSTEM VALUE");
        } else {
          script.write(step, content);
        }
      }

      @Override
      public void close() throws IOException {
        script.close();
      }
    };
  }
}
