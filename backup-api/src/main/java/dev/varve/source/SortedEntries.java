package dev.varve.source;

import dev.varve.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Takes entries in any order and shows them ascending by path, within a bound of memory; for
 * sources that cannot list in order.
 *
 * <p>What does not fit is sorted and written to a temporary file that has no name, so that nothing
 * stays behind even after a crash. Used by one thread. Does not accept a path twice: showing it
 * fails, naming the path.
 */
public final class SortedEntries implements Closeable {

  /** Enough for some ten thousand entries, so that most directories never touch the disk. */
  public static final long DEFAULT_MEMORY_BYTES = 16L << 20;

  /** How many sorted pieces are merged at once; more are first merged into one. */
  private static final int MOST_RUNS = 256;

  private static final int LEAST_BUFFER_BYTES = 4 * 1024;
  private static final int MOST_BUFFER_BYTES = 64 * 1024;

  /** Compiled better than comparators made of lambdas. */
  private static final Comparator<Entry> BY_PATH =
      new Comparator<>() {
        @Override
        public int compare(Entry one, Entry other) {
          return one.path().compareTo(other.path());
        }
      };

  private final long memoryBytes;
  private final Path directory;
  private final List<Entry> waiting = new ArrayList<>();
  private final List<SpilledRun> runs = new ArrayList<>();
  private long waitingBytes;
  private boolean shown;

  private SortedEntries(long memoryBytes, Path directory) {
    if (memoryBytes < 1) {
      throw new IllegalArgumentException("Memory must be at least 1 byte, not " + memoryBytes);
    }
    this.memoryBytes = memoryBytes;
    this.directory = directory;
  }

  /** A sorter that holds about {@value #DEFAULT_MEMORY_BYTES} bytes in memory. */
  public static SortedEntries create() {
    return within(DEFAULT_MEMORY_BYTES);
  }

  /** A sorter that holds about {@code memoryBytes} in memory and spills to the system's place. */
  public static SortedEntries within(long memoryBytes) {
    return within(memoryBytes, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** A sorter that holds about {@code memoryBytes} in memory and spills to {@code directory}. */
  public static SortedEntries within(long memoryBytes, Path directory) {
    return new SortedEntries(memoryBytes, directory);
  }

  /**
   * Adds an entry.
   *
   * @throws IOException if it does not fit into memory and cannot be written to disk either
   * @throws IllegalStateException if the entries were shown already
   */
  public void add(Entry entry) throws IOException {
    if (shown) {
      throw new IllegalStateException("Entries are added before they are shown, not after");
    }
    waiting.add(entry);
    waitingBytes += EntryRecord.memoryBytes(entry);
    if (waitingBytes > memoryBytes) {
      spill();
    }
  }

  /**
   * Shows what was added, once. The cursor ends with this sorter.
   *
   * @return a cursor that fails where a path comes twice, naming it
   * @throws IOException if what was written to disk cannot be read
   * @throws IllegalStateException if the entries were shown already
   */
  public EntryCursor sorted() throws IOException {
    if (shown) {
      throw new IllegalStateException("The entries were shown already");
    }
    shown = true;
    waiting.sort(BY_PATH);
    EntryCursor inMemory = EntryCursor.of(waiting);
    return new Distinct(runs.isEmpty() ? inMemory : merged(inMemory));
  }

  /** Lets go of memory and files. */
  @Override
  public void close() throws IOException {
    shown = true;
    waiting.clear();
    try (Closer closer = new Closer()) {
      closer.closeAll(runs);
    }
  }

  private void spill() throws IOException {
    waiting.sort(BY_PATH);
    add(SpilledRun.write(EntryCursor.of(waiting), directory));
    waiting.clear();
    waitingBytes = 0;
  }

  private void add(SpilledRun run) throws IOException {
    runs.add(run);
    if (runs.size() == MOST_RUNS) {
      SpilledRun one = SpilledRun.write(merged(EntryCursor.of(List.of())), directory);
      List<SpilledRun> merged = List.copyOf(runs);
      runs.clear();
      runs.add(one);
      try (Closer closer = new Closer()) {
        closer.closeAll(merged);
      }
    }
  }

  private EntryCursor merged(EntryCursor inMemory) throws IOException {
    long share = memoryBytes / (runs.size() + 1);
    int bufferBytes = (int) Math.max(LEAST_BUFFER_BYTES, Math.min(MOST_BUFFER_BYTES, share));
    List<EntryCursor> cursors = new ArrayList<>();
    cursors.add(inMemory);
    for (SpilledRun run : runs) {
      cursors.add(run.read(bufferBytes));
    }
    return new Merge(cursors);
  }

  /** Merges ascending cursors into one. */
  private static final class Merge implements EntryCursor {

    private final PriorityQueue<Head> heads = new PriorityQueue<>();

    Merge(List<EntryCursor> cursors) throws IOException {
      for (EntryCursor cursor : cursors) {
        cursor.next().ifPresent(first -> heads.add(new Head(first, cursor)));
      }
    }

    @Override
    public Optional<Entry> next() throws IOException {
      Head least = heads.poll();
      if (least == null) {
        return Optional.empty();
      }
      least.rest.next().ifPresent(next -> heads.add(new Head(next, least.rest)));
      return Optional.of(least.entry);
    }
  }

  private record Head(Entry entry, EntryCursor rest) implements Comparable<Head> {
    @Override
    public int compareTo(Head other) {
      return entry.path().compareTo(other.entry.path());
    }
  }

  /** Lets ascending entries through and fails at a path that comes twice. */
  private final class Distinct implements EntryCursor {

    private final EntryCursor entries;
    private Optional<Entry> last = Optional.empty();

    Distinct(EntryCursor entries) {
      this.entries = entries;
    }

    @Override
    public Optional<Entry> next() throws IOException {
      Optional<Entry> next = entries.next();
      if (next.isPresent() && last.isPresent() && next.get().path().equals(last.get().path())) {
        throw new IOException("The source names one path twice: " + next.get().path());
      }
      last = next;
      return next;
    }

    @Override
    public void close() throws IOException {
      SortedEntries.this.close();
    }
  }

  /** Closes all, then throws the first failure. */
  private static final class Closer implements Closeable {

    private final List<IOException> failures = new ArrayList<>();

    void closeAll(List<? extends Closeable> all) {
      for (Closeable one : all) {
        try {
          one.close();
        } catch (IOException failure) {
          failures.add(failure);
        }
      }
    }

    @Override
    public void close() throws IOException {
      Iterator<IOException> all = failures.iterator();
      if (all.hasNext()) {
        IOException first = all.next();
        all.forEachRemaining(first::addSuppressed);
        throw first;
      }
    }
  }
}
