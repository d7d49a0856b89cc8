package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.store.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects what is said of packs and chunks, in any order, and makes a run of it. Used by one
 * thread. Keeps everything in memory, about 64 bytes a chunk and 400 a pack, and as much again
 * while it seals; {@link #isFull} says when to make a run and begin another.
 */
public final class RunWriter {

  /** When a run is full: entries of about 14 MiB. */
  public static final int FULL_CHUNKS = 1 << 18;

  /** When a run is full: packs of about 14 MiB of memory. */
  public static final int FULL_PACKS = 1 << 15;

  /** How many bits of a sorting key say which row it stands for; the others begin the row's id. */
  private static final int ROW_BITS = 24;

  private static final long ROW_MASK = (1L << ROW_BITS) - 1;
  private static final int FIRST_ROWS = 64;

  private final TreeMap<PackName, PackEntry> packs = new TreeMap<>();
  private final Map<PackName, Integer> numbers = new HashMap<>();
  private byte[] rows = new byte[FIRST_ROWS * ChunkRow.BYTES];
  private int chunks;

  /** Says what a pack is: once for each pack, before or after its chunks. */
  public void pack(PackEntry entry) {
    PackRow.detailsBytes(entry);
    if (packs.putIfAbsent(entry.name(), entry) != null) {
      throw new IllegalStateException("Two entries about one pack: " + entry.name());
    }
  }

  /** Says where a chunk is. */
  public void chunk(ChunkId id, ChunkLocation location) {
    if (chunks > ROW_MASK) {
      throw new IllegalStateException("No run was made although it was full long ago");
    }
    int at = chunks * ChunkRow.BYTES;
    if (at == rows.length) {
      rows = Arrays.copyOf(rows, Math.multiplyExact(2, at));
    }
    int number = numbers.computeIfAbsent(location.pack(), name -> numbers.size());
    ChunkRow.write(rows, at, id, number, location);
    chunks++;
  }

  /** How many chunk entries there are. */
  public int chunks() {
    return chunks;
  }

  /** Whether nothing was said. */
  public boolean isEmpty() {
    return chunks == 0 && packs.isEmpty();
  }

  /** Whether it is time to make a run, though more still fits. */
  public boolean isFull() {
    return chunks >= FULL_CHUNKS || packs.size() >= FULL_PACKS;
  }

  /**
   * Makes the run. Nothing more can be said afterwards.
   *
   * @throws IllegalStateException if a chunk lies in a pack nothing was said of
   */
  public SealedRun seal(RunName name, RunSeal seal) {
    if (!packs.keySet().containsAll(numbers.keySet())) {
      throw new IllegalStateException("A chunk lies in a pack that has no entry");
    }
    int detailsBytes = packs.values().stream().mapToInt(PackRow::detailsBytes).max().orElse(0);
    renumberPacks();
    long[] keys = sortedKeys();
    RunLayout layout = new RunLayout(packs.size(), detailsBytes, keys.length);
    ArrayOutput out = new ArrayOutput(Math.toIntExact(layout.storedBytes()));
    try {
      RunEncoder encoder = new RunEncoder(name, seal, detailsBytes, out);
      for (PackEntry entry : packs.values()) {
        encoder.name(PackRow.write(entry, detailsBytes), 0);
      }
      for (PackEntry entry : packs.values()) {
        encoder.details(PackRow.write(entry, detailsBytes), PackRow.NAME_BYTES);
      }
      for (long key : keys) {
        encoder.chunk(rows, (int) (key & ROW_MASK) * ChunkRow.BYTES);
      }
      encoder.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("An array cannot fail", e);
    }
    return new SealedRun(name, Body.of(out.bytes()), layout, () -> {});
  }

  /** Says in every row which row its pack will have, instead of which number it was given. */
  private void renumberPacks() {
    int[] packRows = new int[numbers.size()];
    int packRow = 0;
    for (PackName name : packs.keySet()) {
      Integer number = numbers.get(name);
      if (number != null) {
        packRows[number] = packRow;
      }
      packRow++;
    }
    for (int row = 0; row < chunks; row++) {
      int at = row * ChunkRow.BYTES;
      ChunkRow.writePack(rows, at, packRows[ChunkRow.pack(rows, at)]);
    }
  }

  /** A key for each row, in the order of the rows, without those of rows said twice. */
  private long[] sortedKeys() {
    long[] keys = new long[chunks];
    for (int row = 0; row < chunks; row++) {
      long prefix = ChunkRow.id(rows, row * ChunkRow.BYTES).prefix();
      keys[row] = ((prefix ^ Long.MIN_VALUE) & ~ROW_MASK) | row;
    }
    Arrays.sort(keys);
    int kept = 0;
    for (int start = 0, end; start < chunks; start = end) {
      end = start + 1;
      while (end < chunks && (keys[end] & ~ROW_MASK) == (keys[start] & ~ROW_MASK)) {
        end++;
      }
      if (end - start == 1) {
        keys[kept++] = keys[start];
      } else {
        for (long key : sortedWhole(keys, start, end)) {
          keys[kept++] = key;
        }
      }
    }
    return Arrays.copyOf(keys, kept);
  }

  /** Keys that begin alike, sorted by all bytes of their rows, each once. */
  private long[] sortedWhole(long[] keys, int start, int end) {
    TreeSet<Long> sorted = new TreeSet<>(this::compareRows);
    Arrays.stream(keys, start, end).forEach(sorted::add);
    return sorted.stream().mapToLong(Long::longValue).toArray();
  }

  private int compareRows(long a, long b) {
    int first = (int) (a & ROW_MASK) * ChunkRow.BYTES;
    int second = (int) (b & ROW_MASK) * ChunkRow.BYTES;
    return Arrays.compareUnsigned(
        rows, first, first + ChunkRow.BYTES, rows, second, second + ChunkRow.BYTES);
  }
}
