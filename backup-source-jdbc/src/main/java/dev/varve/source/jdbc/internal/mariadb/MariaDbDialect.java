package dev.varve.source.jdbc.internal.mariadb;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** MariaDB and MySQL, by the driver of either. Without state. */
public final class MariaDbDialect implements Dialect {

  static final String NAME = "mariadb";

  /** The only one is as good as any. */
  public MariaDbDialect() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean speaks(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    return product.contains("mariadb") || product.contains("mysql");
  }

  @Override
  public Dump dump(Connections connections, DumpOptions options, PluginContext context)
      throws IOException {
    return MariaDbDump.begin(connections, options, context);
  }

  @Override
  public void check(Connections connections, DumpOptions options) throws IOException {
    try (Session session = Session.reading(connections)) {
      Rights rights = new Rights(session);
      List<String> missing = new ArrayList<>();
      for (String schema : Inventory.schemas(session, options.selection())) {
        for (String right : rights.missing(schema)) {
          missing.add(right + " on " + Names.quote(schema) + ".*");
        }
      }
      if (!rights.has("SELECT", "mysql") && !rights.has("SHOW CREATE ROUTINE", "mysql")) {
        missing.add("SELECT on mysql.proc, or SHOW CREATE ROUTINE, for the text of routines");
      }
      if (options.connections() > 1 && !rights.has("RELOAD", "")) {
        missing.add("RELOAD on *.*, or set connections to 1");
      }
      if (options.roles() && !rights.has("SELECT", "mysql")) {
        missing.add("SELECT on mysql.*, for users and roles");
      }
      if (!missing.isEmpty()) {
        throw new IOException(
            "This user cannot back up "
                + connections
                + " completely; grant "
                + String.join("; ", missing));
      }
    }
  }

  @Override
  public Load load(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws IOException {
    return switch (options.mode()) {
      case REFUSE, SWAP -> SchemaLoad.begin(connections, plan, steps, options, context);
      case MERGE, ROWS -> RowsLoad.begin(connections, steps, options, context);
    };
  }

  @Override
  public SqlScript script(Plan plan, List<Step> steps, OutputStream out) throws IOException {
    return new MariaDbScript(plan, out);
  }
}
