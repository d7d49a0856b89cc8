package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.Statistics;
import dev.varve.Tally;
import dev.varve.internal.chunkstore.WriteSession;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one source showed. Entries by one thread; bytes read by many. */
final class Tallies {

  /** What a backup found of an entry, compared with the previous snapshot. */
  enum Change {
    ADDED,
    CHANGED,
    UNCHANGED
  }

  private static final int SORTS = 3;

  private final Map<Change, long[]> counts = new EnumMap<>(Change.class);
  private final LongAdder readBytes = new LongAdder();
  private long contentBytes;

  void entry(Entry entry, Change change) {
    counts.computeIfAbsent(change, none -> new long[SORTS])[sort(entry.kind())]++;
    contentBytes += entry.size();
  }

  void read(long bytes) {
    readBytes.add(bytes);
  }

  long contentBytes() {
    return contentBytes;
  }

  long entries() {
    return tally(0).total() + tally(1).total() + tally(2).total();
  }

  /** All counts; {@code before} and {@code now} are the session's volume at start and end. */
  Statistics statistics(Marks before, Marks now, Duration duration, Map<String, Long> named) {
    return new Statistics(
        tally(0),
        tally(1),
        tally(2),
        contentBytes,
        readBytes.sum(),
        now.addedBytes - before.addedBytes,
        now.storedBytes - before.storedBytes,
        now.chunks - before.chunks,
        now.addedChunks - before.addedChunks,
        duration,
        named);
  }

  /** The volume of a session at one moment. */
  record Marks(long chunks, long addedChunks, long addedBytes, long storedBytes) {

    static final Marks NONE = new Marks(0, 0, 0, 0);

    static Marks of(WriteSession.Volume volume) {
      return new Marks(
          volume.chunks(), volume.addedChunks(), volume.addedBytes(), volume.storedBytes());
    }
  }

  private Tally tally(int sort) {
    return new Tally(at(Change.ADDED, sort), at(Change.CHANGED, sort), at(Change.UNCHANGED, sort));
  }

  private long at(Change change, int sort) {
    long[] sorts = counts.get(change);
    return sorts == null ? 0 : sorts[sort];
  }

  private static int sort(EntryKind kind) {
    return kind.hasContent() ? 0 : kind == EntryKind.DIRECTORY ? 1 : 2;
  }
}
