package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.source.EntryCursor;
import dev.varve.target.MissingContentException;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * What a snapshot of a {@link MemorySource} holds, to drive targets without a repository: pieces
 * come in a shuffled order from several threads, small ones, and some are missing if told so. Set
 * up by one thread, then safe for use by many.
 */
public final class MemoryContents implements SnapshotContents {

  private final Snapshot snapshot;
  private final TreeMap<EntryPath, Entry> entries;
  private final MemorySource source;
  private final List<EntryPath> selected = new ArrayList<>();
  private final List<Hole> holes = new ArrayList<>();
  private final List<Problem> problems = new CopyOnWriteArrayList<>();
  private int pieceBytes = 1000;
  private int threads = 4;
  private long seed = 1;

  private MemoryContents(MemorySource source) {
    this.source = source;
    this.entries = new TreeMap<>(source.entries());
    this.snapshot = snapshotOf(source.identity());
  }

  /** All that a source holds now; its contents are taken when they are asked for. */
  public static MemoryContents of(MemorySource source) {
    return new MemoryContents(source);
  }

  /** Selects this path and all below it; without any call, everything is. */
  public MemoryContents select(EntryPath path) {
    selected.add(path);
    return this;
  }

  /** Selects a path given as text. */
  public MemoryContents select(String path) {
    return select(EntryPath.of(path));
  }

  /** Makes a piece of a content missing. */
  public MemoryContents missing(EntryPath path, long offset, long length) {
    holes.add(new Hole(path, offset, length, "its pack is lost"));
    return this;
  }

  /** Makes a piece of a content, whose path is given as text, missing. */
  public MemoryContents missing(String path, long offset, long length) {
    return missing(EntryPath.of(path), offset, length);
  }

  /** Sets how long a piece is at most, in bytes, from 1. */
  public MemoryContents pieceBytes(int most) {
    pieceBytes = most;
    return this;
  }

  /** Sets how many threads deliver at once. */
  public MemoryContents threads(int count) {
    threads = count;
    return this;
  }

  /** Sets what the order of the pieces comes from. */
  public MemoryContents seed(long another) {
    seed = another;
    return this;
  }

  /** What receivers have thrown so far. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public EntryCursor entries() {
    return EntryCursor.of(entries.values().stream().filter(this::isSelected).toList());
  }

  @Override
  public Optional<Entry> find(EntryPath path) {
    return Optional.ofNullable(entries.get(path));
  }

  @Override
  public InputStream open(EntryPath path) throws IOException {
    Entry entry = find(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    if (!entry.kind().hasContent()) {
      throw new NoSuchFileException(path.toString(), null, "has no content");
    }
    Optional<Hole> first = holes.stream().filter(hole -> hole.path().equals(path)).findFirst();
    byte[] bytes = source.content(path);
    return first.isEmpty() ? new ByteArrayInputStream(bytes) : upTo(first.get(), bytes);
  }

  @Override
  public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    Delivery delivery = new Delivery(receiver, problems::add, pieceBytes, seed);
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(workers.submit(delivery::work));
      }
      for (Entry entry : entries.values()) {
        if (isSelected(entry) && wanted.test(entry) && entry.kind().hasContent()) {
          delivery.add(entry, source.content(entry.path()), holesIn(entry.path()));
        }
      }
      delivery.end();
      for (Future<?> worker : all) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while delivering", e);
    } catch (ExecutionException e) {
      throw new AssertionError("A receiver threw what is no IOException", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private static InputStream upTo(Hole hole, byte[] bytes) {
    InputStream missing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new MissingContentException(hole);
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(
        new ByteArrayInputStream(bytes, 0, (int) hole.offset()), missing);
  }

  private List<Hole> holesIn(EntryPath path) {
    return holes.stream().filter(hole -> hole.path().equals(path)).toList();
  }

  private boolean isSelected(Entry entry) {
    return selected.isEmpty() || selected.stream().anyMatch(entry.path()::isAtOrBelow);
  }

  private static Snapshot snapshotOf(SourceIdentity identity) {
    return new Snapshot(
        new SnapshotId("00112233445566778899aabbccddeeff"),
        identity,
        Instant.parse("2026-01-02T03:04:05Z"),
        true,
        Instant.parse("2026-01-02T03:00:00Z"),
        Map.of(),
        false,
        Statistics.NONE,
        0,
        "varve test kit");
  }
}
