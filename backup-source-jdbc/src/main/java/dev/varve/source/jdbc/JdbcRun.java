package dev.varve.source.jdbc;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceRun;
import dev.varve.source.jdbc.internal.dialect.BytesReading;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;

/**
 * One dump shown as entries: each step's, and {@code varve/plan} that says how to restore them.
 * Safe for use by as many threads as the dump is.
 */
final class JdbcRun implements SourceRun {

  /**
   * What is said of rows, of which nobody knows how many there are: enough for the engine to read
   * them beside others. What it takes for small is read by one thread, one after the other.
   */
  private static final long ROWS_BYTES = 1 << 20;

  private final Dump dump;
  private final Map<EntryPath, Step> steps = new TreeMap<>();

  /** What is not read from the database. */
  private final Map<EntryPath, byte[]> written = new TreeMap<>();

  private boolean closed;

  JdbcRun(Dump dump) throws IOException {
    this.dump = dump;
    Plan plan = dump.plan();
    written.put(PlanFile.PATH, PlanFile.write(plan));
    if (!plan.leftOut().isEmpty()) {
      String lines = String.join("\n", plan.leftOut()) + "\n";
      written.put(PlanFile.LEFT_OUT, lines.getBytes(StandardCharsets.UTF_8));
    }
    for (Step step : plan.steps()) {
      if (steps.put(step.path(), step) != null || written.containsKey(step.path())) {
        throw new IOException("Two things of the database would be stored as " + step.path());
      }
    }
  }

  @Override
  public EntryCursor entries() {
    TreeMap<EntryPath, Entry> entries = new TreeMap<>();
    steps.forEach((path, step) -> entries.put(path, entry(step)));
    written.forEach((path, bytes) -> entries.put(path, entry(path, bytes.length)));
    return EntryCursor.of(entries.values());
  }

  private long expectedBytes(Step step) {
    return Math.max(dump.expectedBytes(step), step.phase() == Phase.ROWS ? ROWS_BYTES : 0);
  }

  /** Changed rows are found wherever the database has room for them. */
  private Entry entry(Step step) {
    Entry entry = entry(step.path(), expectedBytes(step));
    return step.phase() == Phase.ROWS
        ? entry.toBuilder().attributes(entry.attributes().with(Attributes.FINE, "")).build()
        : entry;
  }

  private static Entry entry(EntryPath path, long size) {
    return Entry.builder(path, EntryKind.FILE).size(size).build();
  }

  @Override
  public Content open(Entry entry) throws IOException {
    byte[] bytes = written.get(entry.path());
    if (bytes != null) {
      return new JdbcContent(entry, BytesReading.of(bytes));
    }
    Step step = steps.get(entry.path());
    if (step == null) {
      throw new NoSuchFileException(entry.path().toString());
    }
    try {
      return new JdbcContent(entry, dump.open(step));
    } catch (IOException failure) {
      throw JdbcContent.lost(entry, failure);
    }
  }

  @Override
  public int parallelReads() {
    return dump.parallelReads();
  }

  @Override
  public void finish() throws IOException {
    dump.finish();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      dump.close();
    }
  }
}
