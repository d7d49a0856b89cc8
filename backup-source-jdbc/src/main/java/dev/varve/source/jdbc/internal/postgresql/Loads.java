package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import dev.varve.source.jdbc.internal.dialect.Failures;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Chooses how a dump is loaded. Stateless. */
final class Loads {

  private Loads() {}

  static Load begin(
      Connections connections,
      Plan plan,
      List<Step> steps,
      LoadOptions options,
      TargetContext context)
      throws IOException {
    Session session;
    try {
      session = Session.loading(connections);
    } catch (SQLException failure) {
      throw Failures.of("Connecting to " + connections, failure);
    }
    try {
      return switch (options.mode()) {
        case REFUSE ->
            options.schemas().isEmpty()
                ? new FreshLoad(connections, steps, options, context, session)
                : new SwapLoad(connections, plan, steps, options, context, session);
        case SWAP -> new SwapLoad(connections, plan, steps, options, context, session);
        case MERGE, ROWS -> new RowsLoad(connections, steps, options, context, session);
      };
    } catch (SQLException failure) {
      session.close();
      throw Failures.of("Beginning to restore into " + connections, failure);
    } catch (IOException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }
}
