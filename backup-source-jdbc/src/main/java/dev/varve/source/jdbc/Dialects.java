package dev.varve.source.jdbc;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dialect;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.h2.H2Dialect;
import dev.varve.source.jdbc.internal.mariadb.MariaDbDialect;
import dev.varve.source.jdbc.internal.portable.PortableDialect;
import dev.varve.source.jdbc.internal.postgresql.PostgreSqlDialect;
import dev.varve.source.jdbc.internal.sqlite.SqliteDialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The kinds of databases that are known. Stateless. */
final class Dialects {

  /** The first that speaks a database's language is taken. */
  private static final List<Dialect> ALL =
      List.of(new PostgreSqlDialect(), new MariaDbDialect(), new H2Dialect(), new SqliteDialect());

  /** Nobody's unless it is asked for. */
  private static final Dialect PORTABLE = new PortableDialect();

  private Dialects() {}

  /** The dialect of a database, found by a connection to it. */
  static Dialect of(Connections connections) throws IOException {
    String attempted = "Connecting to " + connections;
    try (Connection connection = connections.open()) {
      attempted = "Asking " + connections + " what it is";
      for (Dialect dialect : ALL) {
        if (dialect.speaks(connection)) {
          return dialect;
        }
      }
      if (PortableDialect.isCockroach(connection)) {
        return PORTABLE;
      }
      throw new IOException(
          connections
              + " is "
              + connection.getMetaData().getDatabaseProductName()
              + ", which has no dialect of its own here; say portable, and tables, keys, indexes,"
              + " views and rows are carried by what JDBC tells of them");
    } catch (SQLException failure) {
      throw Failures.of(attempted, failure);
    }
  }

  /** The dialect that carries tables between different kinds of databases. */
  static Dialect portable() {
    return PORTABLE;
  }

  /** The dialect that wrote a plan. */
  static Dialect named(String name) throws IOException {
    if (name.equals(PORTABLE.name())) {
      return PORTABLE;
    }
    for (Dialect dialect : ALL) {
      if (dialect.name().equals(name)) {
        return dialect;
      }
    }
    throw new IOException(
        "The snapshot was written by a dialect '" + name + "', which this Varve does not know");
  }

  /** The dialect that wrote a plan, if it can load it into this database. */
  static Dialect forPlan(Plan plan, Connections connections) throws IOException {
    Dialect dialect = named(plan.dialect());
    String attempted = "Connecting to " + connections;
    try (Connection connection = connections.open()) {
      attempted = "Asking " + connections + " what it is";
      if (!dialect.speaks(connection)) {
        throw new IOException(
            "The snapshot is one of "
                + plan.product()
                + " and "
                + connections
                + " is "
                + connection.getMetaData().getDatabaseProductName()
                + "; a snapshot that was made portable can be restored there");
      }
      return dialect;
    } catch (SQLException failure) {
      throw Failures.of(attempted, failure);
    }
  }
}
