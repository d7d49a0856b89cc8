package dev.varve.internal.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of a log by their slots: from memory, or read again. Safe for use by many threads.
 * Folds nothing.
 */
final class LogEntries {

  private final SlotReader reader;
  private final RecentEntries recent;
  private final Following following;
  private final boolean lenient;

  /**
   * The entries of what is followed.
   *
   * @param lenient whether slots that nobody can read are passed over
   */
  LogEntries(SlotReader reader, RecentEntries recent, Following following, boolean lenient) {
    this.reader = reader;
    this.recent = recent;
    this.following = following;
    this.lenient = lenient;
  }

  /** The entries of these slots, without those that were given up. */
  List<LogEntry> range(long from, long to) throws IOException {
    Optional<List<LogEntry>> known = recent.range(from, to);
    if (known.isPresent()) {
      return known.get();
    }
    List<LogEntry> entries = new ArrayList<>();
    forEach(from, to, entries::add);
    return entries;
  }

  /** Hands over the entries of these slots, ascending, without those that were given up. */
  void forEach(long from, long to, Log.EntryVisitor visitor) throws IOException {
    List<ListedSlot> listed = reader.list(from);
    int count = (int) Math.min(listed.size(), Math.max(0, to - from + 1));
    for (SlotReader.Batch batch : SlotReader.batches(listed, 0, count)) {
      for (SlotReader.Reading reading : reader.read(batch, 0)) {
        if (following.state().voided().contains(reading.slot())) {
          continue;
        }
        if (reading instanceof SlotReader.Good good) {
          visitor.visit(good.entry());
        } else if (reading instanceof SlotReader.Lost gone && !lenient) {
          throw new LostSlotException("Cannot read the log", Map.of(gone.slot(), gone.why()));
        }
      }
    }
  }

  /** The hash of a slot's own bytes: the head's, or what the slot after it says. */
  SlotHash hashOf(long slot) throws IOException {
    LogState state = following.state();
    if (slot == state.slot()) {
      return state.hash();
    }
    List<LogEntry> after = range(slot + 1, slot + 1);
    return after.isEmpty()
        ? SlotHash.of(reader.ownBytes(slot))
        : after.get(0).header().predecessor();
  }
}
