package dev.varve.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The last entries read, up to some bytes, so that an append need not read them again. Safe. */
final class RecentEntries {

  private final long mostBytes;
  private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
  private long bytes;

  /** Keeps entries whose stored bytes have at most this length, but always one. */
  RecentEntries(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Keeps an entry; the oldest go. */
  synchronized void add(LogEntry entry) {
    if (entries.putIfAbsent(entry.slot(), entry) == null) {
      bytes += entry.storedBytes();
    }
    while (bytes > mostBytes && entries.size() > 1) {
      bytes -= entries.pollFirstEntry().getValue().storedBytes();
    }
  }

  /** The entries of these slots, if all of them are kept. */
  synchronized Optional<List<LogEntry>> range(long from, long to) {
    List<LogEntry> range = new ArrayList<>(entries.subMap(from, true, to, true).values());
    return range.size() == to - from + 1 ? Optional.of(range) : Optional.empty();
  }

  synchronized void clear() {
    entries.clear();
    bytes = 0;
  }
}
