package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.PluginContext;
import dev.varve.source.jdbc.internal.dialect.BytesReading;
import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** One consistent view of a server's schemas. Safe for use as {@link Dump} says. */
final class MariaDbDump implements Dump {

  private final SharedView view;
  private final PlanBuilder found;
  private final Plan plan;

  private MariaDbDump(SharedView view, PlanBuilder found, Plan plan) {
    this.view = view;
    this.found = found;
    this.plan = plan;
  }

  /** Begins the view and reads all definitions, which are no part of it: they come right after. */
  static MariaDbDump begin(Connections connections, DumpOptions options, PluginContext context)
      throws IOException {
    SharedView view = SharedView.open(connections, options.connections(), context);
    try {
      Session session = view.first();
      PlanBuilder found = new Inventory(session, options, context).read();
      Plan plan =
          found.plan(
              MariaDbDialect.NAME,
              session.server().product(),
              Map.of("complete", String.valueOf(options.selection().isEverything())));
      view.showBytes();
      return new MariaDbDump(view, found, plan);
    } catch (IOException | RuntimeException failure) {
      try (view) {
        throw failure;
      }
    }
  }

  @Override
  public Plan plan() {
    return plan;
  }

  /** What the server guesses: large tables are then read beside each other, not as one heap. */
  @Override
  public long expectedBytes(Step step) {
    return found.table(step.path()).map(Table::expectedBytes).orElse(0L);
  }

  @Override
  public int parallelReads() {
    return view.size();
  }

  @Override
  public Reading open(Step step) throws IOException {
    Optional<byte[]> definition = found.definition(step.path());
    if (definition.isPresent()) {
      return BytesReading.of(definition.get());
    }
    Optional<Table> table = found.table(step.path());
    if (table.isEmpty()) {
      throw new IOException(step.path() + " is not a step of this dump");
    }
    Session session = view.take();
    return new RowsReading(session, table.get(), () -> view.give(session));
  }

  @Override
  public void finish() throws IOException {
    view.requireAll();
  }

  @Override
  public void close() throws IOException {
    view.close();
  }
}
