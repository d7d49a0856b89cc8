package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Loads whole schemas in one transaction: those that have their names go aside, the new ones are
 * made under the names that definitions speak of, and at the end each gets its place. Until then
 * everybody else sees and uses what was there; whatever ends it early, the server undoes all. Used
 * by one thread, except for cancelling.
 */
final class SwapLoad implements Load {

  private final Connections connections;
  private final LoadOptions options;
  private final StepLoader loader;
  private final Session session;
  private final Places places;
  private final Set<String> made = new HashSet<>();
  private final Set<String> filled = new LinkedHashSet<>();

  SwapLoad(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context,
      Session session)
      throws SQLException, IOException {
    this.connections = connections;
    this.options = options;
    this.session = session;
    this.loader = new StepLoader(connections, options, context);
    new Existing(connections, session).requireRoles(steps, options);
    this.places = new Places(connections, session, plan, steps, options);
    if (!context.dryRun()) {
      session.execute("BEGIN");
      places.clear();
    }
  }

  @Override
  public int parallelSteps() {
    return 1;
  }

  @Override
  public void take(Step step, InputStream content, OptionalLong rows) throws IOException {
    if (!loader.wants(step)) {
      return;
    }
    try {
      if (places.stays(step)) {
        return;
      }
      String name = step.facts().getOrDefault(Planner.NAME, "");
      switch (Planner.kind(step)) {
        case ROWS -> {
          String with = made.contains(name) ? " WITH (FREEZE)" : "";
          filled.add(name);
          loader.copy(session, step, StepLoader.into(step), with, content, rows);
        }
        case LARGE_OBJECTS -> new LargeObjectWriter(session).replace(content);
        case EXTENSION -> {
          if (!places.moveExtension(name, step.facts().getOrDefault("schema", ""))) {
            loader.define(session, step, content);
          }
        }
        case EVENT_TRIGGER -> {
          if (options.mode() == JdbcTarget.Mode.SWAP) {
            session.execute("DROP EVENT TRIGGER IF EXISTS " + name);
          }
          loader.define(session, step, content);
        }
        case TABLE -> {
          loader.define(session, step, content);
          made.add(name);
        }
        case SCHEMA -> {
          loader.define(session, step, content);
          if (name.equals("public")) {
            places.makeCommon();
          }
        }
        default -> loader.define(session, step, content);
      }
    } catch (SQLException failure) {
      throw Failures.of("Restoring " + step.path() + " into " + connections, failure);
    }
  }

  @Override
  public void commit() throws IOException {
    try {
      session.refreshStatistics(filled);
      places.settle();
      session.commitLoad();
    } catch (SQLException failure) {
      throw Failures.of(
          "Putting what was restored into its place in " + connections + " (nothing is changed)",
          failure);
    }
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public void close() throws IOException {
    session.rollBack();
    session.close();
  }
}
