package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.Entry;
import dev.varve.source.jdbc.internal.dialect.Dialect;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Loads a snapshot of a {@link JdbcSource} into a database, following the snapshot's plan.
 * Immutable: each setting gives another target. Shows no passwords.
 *
 * <p>By default it refuses to touch what exists. Whatever fails, what was there before stays as it
 * was; rows are counted before anything counts as restored.
 */
public final class JdbcTarget implements Target {

  /** What to do with what exists. */
  public enum Mode {
    /** Refuse the restore if anything that would be made exists. */
    REFUSE,
    /** Load beside what exists, compare counts, then take its place. */
    SWAP,
    /** Put rows into tables that exist: rows with the same key are replaced, others stay. */
    MERGE,
    /** Empty tables that exist and put the rows in. */
    ROWS;

    /**
     * The mode of this name in lower case.
     *
     * @throws ConfigurationException if there is none
     */
    public static Mode named(String name) {
      for (Mode mode : values()) {
        if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
          return mode;
        }
      }
      throw new ConfigurationException(
          "There is no mode '"
              + name
              + "'; there are "
              + Arrays.stream(values())
                  .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                  .collect(Collectors.joining(", ")));
    }
  }

  private final Access access;
  private final Mode mode;
  private final TablePatterns tables;
  private final Map<String, String> schemas;
  private final int connections;
  private final boolean schemaOnly;
  private final boolean roles;
  private final boolean owners;

  private JdbcTarget(
      Access access,
      Mode mode,
      TablePatterns tables,
      Map<String, String> schemas,
      int connections,
      boolean schemaOnly,
      boolean roles,
      boolean owners) {
    this.access = access;
    this.mode = mode;
    this.tables = tables;
    this.schemas = schemas;
    this.connections = connections;
    this.schemaOnly = schemaOnly;
    this.roles = roles;
    this.owners = owners;
  }

  /** The database that {@code database} connects to. */
  public static JdbcTarget into(DataSource database) {
    return into(Access.by(database));
  }

  /** The database that {@code database} connects to. */
  public static JdbcTarget into(ConnectionSupplier database) {
    return into(Access.by(database));
  }

  /**
   * The database at a JDBC URL. Its driver must be on the class path; what is not set here, the
   * user for one, it takes from its own places.
   *
   * @throws ConfigurationException if it is no JDBC URL, or holds user and password
   */
  public static JdbcTarget into(String url) {
    return into(Access.by(url));
  }

  static JdbcTarget into(Access access) {
    return new JdbcTarget(
        access,
        Mode.REFUSE,
        TablePatterns.EVERYTHING,
        Map.of(),
        JdbcSource.USUAL_CONNECTIONS,
        false,
        false,
        true);
  }

  /** This target logging in as {@code user}; for targets of a URL. */
  public JdbcTarget user(String user) {
    return with(access.user(user));
  }

  /** This target logging in by this password, asked for when it is needed; for those of a URL. */
  public JdbcTarget password(Supplier<? extends CharSequence> password) {
    return with(access.password(password));
  }

  /** This target treating what exists like this. */
  public JdbcTarget mode(Mode mode) {
    return new JdbcTarget(access, mode, tables, schemas, connections, schemaOnly, roles, owners);
  }

  /**
   * This target and only tables that match one of these or another such pattern, with what they
   * require: {@code schema.table}, or {@code table} in any schema, {@code *} being any run of
   * characters and {@code ?} one.
   *
   * @throws ConfigurationException if a pattern is malformed
   */
  public JdbcTarget tables(String... patterns) {
    TablePatterns more = tables;
    for (String pattern : patterns) {
      more = more.include(pattern);
    }
    return new JdbcTarget(access, mode, more, schemas, connections, schemaOnly, roles, owners);
  }

  /** This target restoring schema {@code from} under the name {@code to}. */
  public JdbcTarget schema(String from, String to) {
    Map<String, String> more = new TreeMap<>(schemas);
    more.put(from, to);
    return new JdbcTarget(access, mode, tables, more, connections, schemaOnly, roles, owners);
  }

  /** This target without rows. */
  public JdbcTarget schemaOnly() {
    return new JdbcTarget(access, mode, tables, schemas, connections, true, roles, owners);
  }

  /** This target making roles and tablespaces too, where the snapshot has them. */
  public JdbcTarget roles() {
    return new JdbcTarget(access, mode, tables, schemas, connections, schemaOnly, true, owners);
  }

  /** This target leaving owners and privileges as they come: everything belongs to its user. */
  public JdbcTarget withoutOwners() {
    return new JdbcTarget(access, mode, tables, schemas, connections, schemaOnly, roles, false);
  }

  /** This target holding at most so many connections at once. */
  public JdbcTarget connections(int most) {
    if (most < 1) {
      throw new ConfigurationException("At least 1 connection is needed, not " + most);
    }
    return new JdbcTarget(access, mode, tables, schemas, most, schemaOnly, roles, owners);
  }

  private JdbcTarget with(Access other) {
    return new JdbcTarget(other, mode, tables, schemas, connections, schemaOnly, roles, owners);
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    boolean rowsOnly = mode == Mode.MERGE || mode == Mode.ROWS;
    if (rowsOnly && schemaOnly) {
      throw new ConfigurationException(
          "Mode " + mode + " restores rows and nothing else, and rows are left out; choose one");
    }
    StepChoice choice =
        StepChoice.of(contents, context, new StepChoice.Wish(tables, !rowsOnly, !schemaOnly));
    Dialect dialect = Dialects.forPlan(choice.plan(), access);
    LoadOptions options = new LoadOptions(mode, schemas, connections, roles, owners);
    try (Load load = dialect.load(access, choice.plan(), choice.steps(), options, context)) {
      if (!context.dryRun()) {
        new Loading(contents, context, choice, load).run();
        load.commit();
      }
    }
    for (Step step : choice.steps()) {
      context.restored(choice.entry(step));
    }
    for (Entry entry : choice.described()) {
      context.restored(entry);
    }
  }

  @Override
  public String toString() {
    return access.toString();
  }
}
