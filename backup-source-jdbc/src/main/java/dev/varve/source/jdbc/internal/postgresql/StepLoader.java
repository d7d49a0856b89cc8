package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Takes single steps by a session. Without state of its own, safe for use by many threads. */
final class StepLoader {

  private final Connections connections;
  private final LoadOptions options;
  private final TargetContext context;

  StepLoader(Connections connections, LoadOptions options, TargetContext context) {
    this.connections = connections;
    this.options = options;
    this.context = context;
  }

  /** Whether a step is to be taken at all. */
  boolean wants(Step step) {
    return switch (Planner.kind(step)) {
      case ROLE, TABLESPACE -> options.roles();
      case PRIVILEGES -> options.owners();
      default -> options.owners() || !step.facts().containsKey("privileges");
    };
  }

  /** Runs a definition, where it is to lie being the session's matter until it is done. */
  void define(Session session, Step step, InputStream content) throws SQLException, IOException {
    String sql = new String(content.readAllBytes(), StandardCharsets.UTF_8);
    if (sql.isBlank()) {
      return;
    }
    Kind kind = Planner.kind(step);
    if (kind == Kind.ROLE && Existing.has(session, step)) {
      context.warn(step.path(), "The role exists; it is left as it is");
      return;
    }
    if (kind == Kind.TABLESPACE) {
      tablespace(session, step, sql);
      return;
    }
    if (kind == Kind.FOREIGN_KEY && !foreignExists(session, step)) {
      context.warn(
          step.path(),
          "The foreign key is left out: the other table, "
              + step.facts().get("foreign-schema")
              + "."
              + step.facts().get("foreign-table")
              + ", is not here");
      return;
    }
    String space = step.facts().getOrDefault("tablespace", "");
    boolean placed = !space.isEmpty() && spaceExists(session, space);
    if (!space.isEmpty() && !placed) {
      context.warn(step.path(), "There is no tablespace " + space + "; the default one is used");
    }
    if (placed) {
      session.execute("SET default_tablespace TO " + Sql.identifier(space));
    }
    for (String statement : Statements.of(step, sql)) {
      session.execute(statement);
    }
    if (placed) {
      session.execute("RESET default_tablespace");
    }
  }

  /** Cannot be made in a transaction, so it gets a session of its own. */
  private void tablespace(Session session, Step step, String sql) throws SQLException, IOException {
    if (Existing.has(session, step)) {
      context.warn(step.path(), "The tablespace exists; it is left as it is");
      return;
    }
    try (Session own = Session.loading(connections)) {
      own.execute(sql);
    }
  }

  private static boolean spaceExists(Session session, String space) throws SQLException {
    return !new Catalog(session.connection())
        .list("SELECT 1 AS one FROM pg_tablespace WHERE spcname = " + Sql.literal(space), row -> 1)
        .isEmpty();
  }

  static boolean foreignExists(Session session, Step step) throws SQLException {
    return !new Catalog(session.connection())
        .list(
            "SELECT 1 AS one FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                + " WHERE nspname = "
                + Sql.literal(step.facts().getOrDefault("foreign-schema", ""))
                + " AND relname = "
                + Sql.literal(step.facts().getOrDefault("foreign-table", "")),
            row -> 1)
        .isEmpty();
  }

  /**
   * Puts rows into a table.
   *
   * @param into the table and its columns as {@code COPY} wants them
   * @param with {@code WITH …} or empty
   */
  long copy(
      Session session, Step step, String into, String with, InputStream content, OptionalLong rows)
      throws SQLException, IOException {
    long loaded = new CopyWriter(session).copy("COPY " + into + " FROM STDIN" + with, content);
    if (rows.isPresent() && rows.getAsLong() != loaded) {
      throw new IOException(
          step.path()
              + " was dumped with "
              + rows.getAsLong()
              + " rows, but "
              + loaded
              + " came; check the repository");
    }
    context.count("rows", loaded);
    return loaded;
  }

  /** The table of rows and its columns. */
  static String into(Step step) {
    return step.facts().getOrDefault(Planner.NAME, "") + columns(step);
  }

  static String columns(Step step) {
    String columns = step.facts().getOrDefault(Planner.COLUMNS, "");
    return columns.isEmpty() ? "" : " (" + columns + ")";
  }

  void largeObjects(Session session, InputStream content) throws SQLException, IOException {
    new LargeObjectWriter(session).write(content);
  }
}
