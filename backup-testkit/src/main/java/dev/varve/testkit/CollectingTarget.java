package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.source.EntryCursor;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A target in memory for tests: it keeps what is restored, refuses what would overwrite, and notes
 * what its user does against the contract. Contents must fit into memory. Safe for use by many
 * threads.
 */
public final class CollectingTarget implements Target, Receiver {

  private static final class Partial {
    private final byte[] bytes;
    private final BitSet had;
    private final List<Hole> holes = new ArrayList<>();

    private Partial(long size) {
      bytes = new byte[Math.toIntExact(size)];
      had = new BitSet(bytes.length);
    }
  }

  private final TreeMap<EntryPath, CollectedEntry> collected = new TreeMap<>();
  private final Map<EntryPath, Partial> partial = new HashMap<>();
  private final Set<EntryPath> failing = new HashSet<>();
  private final Set<EntryPath> unwanted = new HashSet<>();
  private final List<String> misuses = new ArrayList<>();
  private Optional<TargetContext> context = Optional.empty();
  private boolean opens;

  /** Makes it list and open what it wants, as a database does, rather than take what comes. */
  public synchronized CollectingTarget opening() {
    opens = true;
    return this;
  }

  /** Makes writing this entry fail. */
  public synchronized CollectingTarget failAt(String path) {
    failing.add(EntryPath.of(path));
    return this;
  }

  /** Makes it not want this entry. */
  public synchronized CollectingTarget refuse(String path) {
    unwanted.add(EntryPath.of(path));
    return this;
  }

  /** Everything that was restored, by path. */
  public synchronized SortedMap<EntryPath, CollectedEntry> collected() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(collected));
  }

  /** The content of an entry that was restored. */
  public synchronized byte[] content(String path) {
    CollectedEntry entry = collected.get(EntryPath.of(path));
    if (entry == null) {
      throw new IllegalArgumentException(path + " is not among " + collected.keySet());
    }
    return entry.bytes();
  }

  /** What was done against the contract so far; a test asserts that it is empty. */
  public synchronized List<String> misuses() {
    return List.copyOf(misuses);
  }

  /**
   * Fails unless this holds exactly what the source holds now: the same entries with the same
   * contents, and nothing was done against the contract.
   */
  public void assertHolds(MemorySource source) {
    Trees.assertEqual(source, collected());
    if (!misuses().isEmpty()) {
      throw new AssertionError("The target was misused: " + misuses());
    }
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext to) throws IOException {
    boolean opening;
    synchronized (this) {
      context = Optional.of(to);
      opening = opens;
    }
    if (opening) {
      openAll(contents, to);
    } else {
      contents.deliver(this::wants, this);
    }
  }

  @Override
  public synchronized void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
    requireFine(entry);
    require(piece.hasRemaining(), entry, "an empty piece came");
    int length = piece.remaining();
    Partial bytes = range(entry, offset, length);
    piece.get(bytes.bytes, (int) offset, length);
  }

  @Override
  public synchronized void missing(Entry entry, Hole hole) throws IOException {
    requireFine(entry);
    require(hole.path().equals(entry.path()), entry, "a hole of another entry came");
    range(entry, hole.offset(), hole.length()).holes.add(hole);
  }

  @Override
  public synchronized void complete(Entry entry) throws IOException {
    requireFine(entry);
    Partial bytes = partial(entry);
    require(bytes.had.cardinality() == bytes.bytes.length, entry, "not all of it came");
    bytes.holes.sort(Comparator.comparingLong(Hole::offset));
    keep(new CollectedEntry(entry, bytes.bytes, bytes.holes));
    partial.remove(entry.path());
  }

  private synchronized boolean wants(Entry entry) {
    if (unwanted.contains(entry.path())) {
      return false;
    }
    TargetContext to = context.orElseThrow();
    if (collected.containsKey(entry.path())) {
      to.warn(entry.path(), "is there already; not overwritten");
      return false;
    }
    if (to.dryRun()) {
      to.restored(entry);
      return false;
    }
    if (!entry.kind().hasContent()) {
      keep(new CollectedEntry(entry, new byte[0], List.of()));
      return false;
    }
    partial.put(entry.path(), new Partial(entry.size()));
    return true;
  }

  private void openAll(SnapshotContents contents, TargetContext to) throws IOException {
    try (EntryCursor cursor = contents.entries()) {
      for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        Entry entry = next.get();
        if (!wants(entry)) {
          continue;
        }
        try (InputStream in = contents.open(entry.path())) {
          byte[] bytes = in.readAllBytes();
          if (bytes.length > 0) {
            receive(entry, 0, ByteBuffer.wrap(bytes));
          }
          complete(entry);
        } catch (IOException failed) {
          to.warn(entry.path(), String.valueOf(failed.getMessage()));
        }
      }
    }
  }

  private void keep(CollectedEntry entry) {
    require(
        collected.put(entry.entry().path(), entry) == null, entry.entry(), "it came a second time");
    if (entry.holes().isEmpty()) {
      context.ifPresent(to -> to.restored(entry.entry()));
    }
  }

  private void requireFine(Entry entry) throws IOException {
    if (failing.contains(entry.path())) {
      throw new IOException("Cannot write " + entry.path());
    }
  }

  private Partial range(Entry entry, long offset, long length) {
    Partial bytes = partial(entry);
    require(offset >= 0 && offset + length <= bytes.bytes.length, entry, "a piece lies outside");
    require(
        bytes.had.get((int) offset, (int) (offset + length)).isEmpty(),
        entry,
        "a piece came twice");
    bytes.had.set((int) offset, (int) (offset + length));
    return bytes;
  }

  private Partial partial(Entry entry) {
    Partial bytes = partial.get(entry.path());
    if (bytes == null) {
      misuses.add(entry.path() + ": a piece came though it was not wanted, or after the end");
      return new Partial(entry.size());
    }
    return bytes;
  }

  private void require(boolean good, Entry entry, String misuse) {
    if (!good) {
      misuses.add(entry.path() + ": " + misuse);
    }
  }

  @Override
  public String toString() {
    return "memory";
  }
}
