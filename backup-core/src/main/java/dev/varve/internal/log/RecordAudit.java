package dev.varve.internal.log;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Compares every record again with those between its base and its slot, as whoever appended it had
 * to. Stateless.
 */
public final class RecordAudit {

  private static final long WINDOW_BYTES = 16 << 20;

  private RecordAudit() {}

  /**
   * Reads the whole log.
   *
   * @param invalid takes the entries that should not have been appended, and why
   */
  public static void of(Log log, BiConsumer<LogEntry, List<Conflict>> invalid) throws IOException {
    RecentEntries window = new RecentEntries(WINDOW_BYTES);
    log.forEachEntry(
        1,
        log.state().slot(),
        entry -> {
          long from = entry.record().base() + 1;
          long to = entry.slot() - 1;
          if (from <= to) {
            Optional<List<LogEntry>> known = window.range(from, to);
            List<LogEntry> between = known.isPresent() ? known.get() : log.entries(from, to);
            List<Conflict> conflicts = Conflicts.of(between, entry.record());
            if (!conflicts.isEmpty()) {
              invalid.accept(entry, conflicts);
            }
          }
          window.add(entry);
        });
  }
}
