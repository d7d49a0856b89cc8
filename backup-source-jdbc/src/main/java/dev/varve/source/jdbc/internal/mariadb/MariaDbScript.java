package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a dump for {@code mariadb} or {@code mysql}: definitions as they are, rows as statements
 * of many rows. Used by one thread. Values are never held as a whole.
 */
final class MariaDbScript implements SqlScript {

  private final OutputStream out;
  private final List<String> events = new ArrayList<>();
  private String schema = "";

  MariaDbScript(Plan plan, OutputStream out) throws IOException {
    this.out = out;
    write(
        "-- A dump of "
            + plan.product().replaceAll("[\\r\\n]", " ")
            + " by Varve, for: mariadb --comments (or mysql --comments)\n"
            + "SET NAMES utf8mb4;\n"
            + "SET SESSION sql_mode='"
            + Session.LENIENT_MODE
            + "', time_zone='+00:00', foreign_key_checks=0, unique_checks=0;\n"
            + "SET @varve_collation=@@collation_connection;\n"
            + "/*M! SET SESSION check_constraint_checks=0 */;\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void write(Step step, InputStream content) throws IOException {
    ObjectKind kind = ObjectKind.of(step);
    write("-- " + step.path() + "\n");
    String in = ObjectKind.fact(step, PlanBuilder.SCHEMA);
    if (kind == ObjectKind.ROWS) {
      use(in);
      String into = Names.quote(ObjectKind.fact(step, PlanBuilder.NAME));
      List<Column> columns = Column.read(ObjectKind.fact(step, "columns"));
      ScriptRows rows = new ScriptRows(out, into, columns);
      write("START TRANSACTION;\n");
      RowParser.parse(content, rows);
      rows.end();
      write("COMMIT;\n\n");
      return;
    }
    String sql = new String(content.readAllBytes(), StandardCharsets.UTF_8);
    switch (kind) {
      case SCHEMA -> {
        write(sql.replaceFirst("^CREATE DATABASE ", "CREATE DATABASE IF NOT EXISTS "));
        use(in);
      }
      case USERS, GRANTS -> write(sql);
      case TABLE -> {
        use(in);
        write(sql);
      }
      case SEQUENCE -> {
        use(in);
        write(sql);
        String name = Names.quote(ObjectKind.fact(step, PlanBuilder.NAME));
        write("DO SETVAL(" + name + "," + step.facts().getOrDefault("next", "1") + ",0);\n");
      }
      case EVENT -> events.add(program(step, sql));
      default -> {
        use(in);
        write(program(step, sql));
      }
    }
    write("\n");
  }

  private void use(String other) throws IOException {
    if (!schema.equals(other)) {
      schema = other;
      write("USE " + Names.quote(other) + ";\n");
    }
  }

  /** A statement with the settings it was made with; it may hold semicolons. */
  private static String program(Step step, String sql) throws IOException {
    StringBuilder text = new StringBuilder("USE ");
    text.append(Names.quote(ObjectKind.fact(step, PlanBuilder.SCHEMA))).append(";\nSET SESSION ");
    String mode = step.facts().getOrDefault(Definition.SQL_MODE, "");
    text.append("sql_mode=").append(Names.text(mode));
    String zone = step.facts().get(Definition.TIME_ZONE);
    if (zone != null) {
      text.append(", time_zone=").append(Names.text(zone));
    }
    String collation = step.facts().get(Definition.COLLATION);
    if (collation != null) {
      text.append(", collation_connection=").append(Names.text(collation));
    }
    String delimiter = ";;";
    while (sql.substring(0, sql.length() - 2).contains(delimiter)) {
      delimiter += ";";
    }
    text.append(";\nDELIMITER ").append(delimiter).append('\n');
    text.append(sql, 0, sql.length() - 2).append('\n').append(delimiter);
    text.append("\nDELIMITER ;\nSET SESSION sql_mode='").append(Session.LENIENT_MODE);
    return text.append("', time_zone='+00:00', collation_connection=@varve_collation;\n")
        .toString();
  }

  /** Events come last: they would act on what is not complete. */
  @Override
  public void close() throws IOException {
    for (String event : events) {
      write(event);
    }
    write("-- The end of the dump\n");
    out.flush();
  }
}
