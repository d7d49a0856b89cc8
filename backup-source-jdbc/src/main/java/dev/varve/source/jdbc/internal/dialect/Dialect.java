package dev.varve.source.jdbc.internal.dialect;

import dev.varve.PluginContext;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What is known of one kind of database. Without state, safe for use by many threads. All failures
 * are told as {@link IOException}s that say what was attempted, on what, and what to do next;
 * {@link SQLException}s are the causes, and never hold a password.
 */
public interface Dialect {

  /** Its name in plans, for ever, e.g. {@code postgresql}. */
  String name();

  /** Whether this database is of its kind. */
  boolean speaks(Connection connection) throws SQLException;

  /**
   * Begins to dump one consistent view.
   *
   * @throws IOException if that cannot be had: rights, settings, versions
   */
  Dump dump(Connections connections, DumpOptions options, PluginContext context) throws IOException;

  /**
   * Says whether a dump would succeed, reading as little as possible.
   *
   * @throws IOException that names everything missing and what to do
   */
  void check(Connections connections, DumpOptions options) throws IOException;

  /**
   * Begins to load.
   *
   * @param plan the whole plan
   * @param steps the selected steps, in its order
   * @param context its {@code dryRun()} means: fail here where the load would, and change nothing;
   *     the load is then closed without taking a step
   * @throws IOException if it cannot be loaded here, e.g. because something exists
   */
  Load load(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws IOException;

  /** Begins a script. */
  SqlScript script(Plan plan, List<Step> steps, OutputStream out) throws IOException;
}
