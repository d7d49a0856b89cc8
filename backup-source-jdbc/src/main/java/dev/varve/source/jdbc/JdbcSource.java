package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import dev.varve.source.jdbc.internal.dialect.Dialect;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * A database, read by JDBC as it is at one instant: everything that makes it up, as entries such as
 * {@code public/tables/orders/rows}, and {@code varve/plan}, which says how {@link JdbcTarget}
 * restores them. Immutable: each setting gives another source. Shows no passwords.
 *
 * <p>What the database has and a snapshot of it does not carry is named in the entry {@code
 * varve/left-out}. A table that cannot be read to its end fails the backup.
 *
 * <p>The snapshots are those of {@code jdbc:<database>@<server>} unless that is set.
 */
public final class JdbcSource implements Source {

  /** As many connections as a server hardly notices. */
  static final int USUAL_CONNECTIONS = 4;

  private final Access access;
  private final Optional<String> name;
  private final Optional<String> host;
  private final TablePatterns tables;
  private final int connections;
  private final boolean roles;
  private final boolean portable;

  private JdbcSource(
      Access access,
      Optional<String> name,
      Optional<String> host,
      TablePatterns tables,
      int connections,
      boolean roles,
      boolean portable) {
    this.access = access;
    this.name = name;
    this.host = host;
    this.tables = tables;
    this.connections = connections;
    this.roles = roles;
    this.portable = portable;
  }

  /** The database that {@code database} connects to. */
  public static JdbcSource of(DataSource database) {
    return of(Access.by(database));
  }

  /** The database that {@code database} connects to. */
  public static JdbcSource of(ConnectionSupplier database) {
    return of(Access.by(database));
  }

  /**
   * The database at a JDBC URL. Its driver must be on the class path; what is not set here, the
   * user for one, it takes from its own places.
   *
   * @throws ConfigurationException if it is no JDBC URL, or holds user and password
   */
  public static JdbcSource of(String url) {
    return of(Access.by(url));
  }

  static JdbcSource of(Access access) {
    return new JdbcSource(
        access,
        Optional.empty(),
        Optional.empty(),
        TablePatterns.EVERYTHING,
        USUAL_CONNECTIONS,
        false,
        false);
  }

  /** This source logging in as {@code user}; for sources of a URL. */
  public JdbcSource user(String user) {
    return with(access.user(user));
  }

  /** This source logging in by this password, asked for when it is needed; for sources of a URL. */
  public JdbcSource password(Supplier<? extends CharSequence> password) {
    return with(access.password(password));
  }

  /** This source, its snapshots being those of {@code name} instead of the database's name. */
  public JdbcSource named(String name) {
    return new JdbcSource(access, Optional.of(name), host, tables, connections, roles, portable);
  }

  /** This source, its snapshots being those of {@code host} instead of the server's name. */
  public JdbcSource host(String host) {
    return new JdbcSource(access, name, Optional.of(host), tables, connections, roles, portable);
  }

  /**
   * This source and only tables that match this or another included pattern: {@code schema.table},
   * or {@code table} in any schema; {@code *} is any run of characters, {@code ?} one.
   *
   * @throws ConfigurationException if the pattern is malformed
   */
  public JdbcSource include(String pattern) {
    return with(tables.include(pattern));
  }

  /**
   * This source without tables that match {@code pattern}, even if they are included.
   *
   * @throws ConfigurationException if the pattern is malformed
   */
  public JdbcSource exclude(String pattern) {
    return with(tables.exclude(pattern));
  }

  /** This source holding at most so many connections at once; {@value #USUAL_CONNECTIONS} else. */
  public JdbcSource connections(int most) {
    if (most < 1) {
      throw new ConfigurationException("At least 1 connection is needed, not " + most);
    }
    return new JdbcSource(access, name, host, tables, most, roles, portable);
  }

  /** This source with roles and tablespaces, where the database has them. */
  public JdbcSource roles() {
    return new JdbcSource(access, name, host, tables, connections, true, portable);
  }

  /**
   * This source in a form that other kinds of databases can take: tables, columns, keys, indexes
   * and rows, as JDBC tells of them, and nothing that only this kind of database knows.
   */
  public JdbcSource portable() {
    return new JdbcSource(access, name, host, tables, connections, roles, true);
  }

  private JdbcSource with(Access other) {
    return new JdbcSource(other, name, host, tables, connections, roles, portable);
  }

  private JdbcSource with(TablePatterns other) {
    return new JdbcSource(access, name, host, other, connections, roles, portable);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where name or host are not set and the source has no URL, a connection is opened to ask.
   */
  @Override
  public SourceIdentity identity() {
    if (name.isPresent() && host.isPresent()) {
      return new SourceIdentity("jdbc", name.get(), host.get());
    }
    try {
      DatabaseUrl url = access.location();
      return new SourceIdentity(
          "jdbc",
          name.or(url::database).orElse(url.product()),
          host.or(url::host).orElseGet(SourceIdentity::thisHost));
    } catch (SQLException | IOException failure) {
      throw new ConfigurationException(
          "What "
              + access
              + " is called cannot be asked: "
              + failure.getMessage()
              + "; set name and host, or see that it can be reached",
          failure);
    }
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    Dump dump = dialect().dump(access, options(), context);
    try {
      int leftOut = dump.plan().leftOut().size();
      if (leftOut > 0) {
        context.count("things of the database left out", leftOut);
      }
      return new JdbcRun(dump);
    } catch (IOException | RuntimeException failure) {
      try (dump) {
        throw failure;
      }
    }
  }

  @Override
  public void check(SourceContext context) throws IOException {
    dialect().check(access, options());
  }

  private Dialect dialect() throws IOException {
    return portable ? Dialects.portable() : Dialects.of(access);
  }

  private DumpOptions options() {
    return new DumpOptions(tables, connections, roles);
  }

  @Override
  public String toString() {
    return access.toString();
  }
}
