package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.LoadOptions;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import dev.varve.testkit.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A dump held in memory.
 *
 * @param plan its plan
 * @param contents the content of each step
 * @param rows how many rows each content holds
 */
record Transfer(Plan plan, Map<EntryPath, byte[]> contents, Map<EntryPath, OptionalLong> rows) {

  static final Transfer NONE =
      new Transfer(new Plan("", "", Map.of(), List.of(), List.of()), Map.of(), Map.of());

  static final Selection EVERYTHING = selection(table -> true, true);

  static Selection selection(Predicate<TableName> tables, boolean everything) {
    return new Selection() {
      @Override
      public boolean takesSchema(String schema) {
        return everything;
      }

      @Override
      public boolean takes(TableName table) {
        return tables.test(table);
      }

      @Override
      public boolean isEverything() {
        return everything;
      }
    };
  }

  static Transfer dump(String database) throws IOException {
    return dump(
        new PostgreSqlDialect(),
        database,
        new DumpOptions(EVERYTHING, 2, false),
        new RecordingContext());
  }

  static Transfer dump(
      PostgreSqlDialect dialect, String database, DumpOptions options, RecordingContext context)
      throws IOException {
    try (Dump dump = dialect.dump(Server.connections(database), options, context)) {
      Map<EntryPath, byte[]> contents = new HashMap<>();
      Map<EntryPath, OptionalLong> rows = new HashMap<>();
      for (Step step : dump.plan().steps()) {
        try (Reading reading = dump.open(step)) {
          contents.put(step.path(), all(reading));
          rows.put(step.path(), reading.rows());
        }
      }
      dump.finish();
      return new Transfer(dump.plan(), contents, rows);
    }
  }

  static byte[] all(Reading reading) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    while (reading.read(buffer) >= 0) {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return out.toByteArray();
  }

  String text(String path) {
    byte[] content = contents.get(EntryPath.of(path));
    if (content == null) {
      throw new IllegalArgumentException(path + " is not among " + contents.keySet());
    }
    return new String(content, java.nio.charset.StandardCharsets.UTF_8);
  }

  byte[] content(Step step) {
    return contents.getOrDefault(step.path(), new byte[0]);
  }

  OptionalLong rows(Step step) {
    return rows.getOrDefault(step.path(), OptionalLong.empty());
  }

  static LoadOptions options(JdbcTarget.Mode mode) {
    return new LoadOptions(mode, Map.of(), 2, false, true);
  }

  void load(String database) throws IOException {
    load(database, options(JdbcTarget.Mode.REFUSE), plan.steps(), new RecordingContext());
  }

  /** The steps that bring rows, which is what modes for existing tables take. */
  List<Step> rowSteps(Set<String> tables) {
    return plan.steps().stream()
        .filter(step -> step.phase() == Phase.ROWS)
        .filter(step -> step.table().filter(t -> tables.contains(t.toString())).isPresent())
        .toList();
  }

  void load(String database, LoadOptions options, List<Step> steps, RecordingContext context)
      throws IOException {
    try (Load load =
        new PostgreSqlDialect().load(Server.connections(database), plan, steps, options, context)) {
      for (Step step : steps) {
        load.take(
            step,
            new ByteArrayInputStream(contents.getOrDefault(step.path(), new byte[0])),
            rows.getOrDefault(step.path(), OptionalLong.empty()));
      }
      load.commit();
    }
  }
}
