package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.Revision;
import dev.varve.source.EntryCursor;
import dev.varve.source.SortedEntries;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The entries of an archive in order, each with the place where its content is. Used by one thread.
 * Keeps the place where a revision belongs, since what an archive lists has none.
 */
final class Listed implements Closeable {

  /** How many entries an archive may have. */
  static final long MOST_ENTRIES = 100_000_000;

  private final SortedEntries entries = SortedEntries.create();
  private Optional<EntryCursor> cursor = Optional.empty();
  private long count;
  private long place;

  void add(Entry entry, long place) throws IOException {
    count++;
    if (count > MOST_ENTRIES) {
      throw new IOException(
          "The archive is refused: it has more than " + MOST_ENTRIES + " entries");
    }
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(place).array();
    entries.add(entry.toBuilder().revision(Revision.of(bytes)).build());
  }

  /** The next entry in order, without its place. */
  Optional<Entry> next() throws IOException {
    if (cursor.isEmpty()) {
      cursor = Optional.of(entries.sorted());
    }
    Optional<Entry> next = cursor.get().next();
    next.flatMap(Entry::revision)
        .ifPresent(revision -> place = ByteBuffer.wrap(revision.bytes()).getLong());
    return next.map(entry -> entry.toBuilder().withoutRevision().build());
  }

  /** The place of the entry shown last. */
  long place() {
    return place;
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
