package dev.varve.internal.index;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects rows of one width, in any order and more than once, and sorts them as unsigned bytes: in
 * memory as long as they fit, else by files that are merged. Safe for use by many threads until it
 * is {@linkplain #finish() finished}. Every row is written once for each factor of {@value
 * #FILES_PER_TIER} in size.
 */
public final class SortedRows {

  private static final int FILES_PER_TIER = 64;
  private static final int FIRST_ROWS = 64;

  private final Scratch scratch;
  private final int rowBytes;
  private final int mostRows;
  private final List<List<RowSet>> tiers = new ArrayList<>();
  private byte[] rows;
  private int count;

  SortedRows(Scratch scratch, int rowBytes, int memoryBytes) {
    this.scratch = scratch;
    this.rowBytes = rowBytes;
    this.mostRows = Math.max(FIRST_ROWS, memoryBytes / rowBytes);
    this.rows = new byte[FIRST_ROWS * rowBytes];
  }

  /** Adds a row. */
  public synchronized void add(byte[] row) throws IOException {
    if (row.length != rowBytes) {
      throw new IllegalArgumentException("A row of " + row.length + " bytes, not " + rowBytes);
    }
    if (count == mostRows) {
      spill();
    }
    int at = count * rowBytes;
    if (at == rows.length) {
      rows = Arrays.copyOf(rows, Math.min(2 * at, mostRows * rowBytes));
    }
    System.arraycopy(row, 0, rows, at, rowBytes);
    count++;
  }

  /** All rows, sorted, each once; nothing can be added afterwards. */
  public synchronized RowSet finish() throws IOException {
    RowSet last = sorted();
    rows = new byte[0];
    count = 0;
    List<RowSet> all = new ArrayList<>();
    tiers.forEach(all::addAll);
    if (all.isEmpty()) {
      return last;
    }
    all.add(last);
    return merged(all);
  }

  private void spill() throws IOException {
    keep(0, written(sorted().cursor()));
    count = 0;
  }

  private void keep(int tier, RowSet spilled) throws IOException {
    while (tiers.size() <= tier) {
      tiers.add(new ArrayList<>());
    }
    List<RowSet> alike = tiers.get(tier);
    alike.add(spilled);
    if (alike.size() == FILES_PER_TIER) {
      RowSet merged = merged(alike);
      alike.clear();
      keep(tier + 1, merged);
    }
  }

  private RowSet merged(List<RowSet> some) throws IOException {
    RowSet merged = written(RowSet.union(some));
    for (RowSet old : some) {
      old.delete();
    }
    return merged;
  }

  private RowSet written(RowCursor from) throws IOException {
    Path file = scratch.file();
    long written = 0;
    List<Long> firsts = new ArrayList<>();
    try (from;
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      int perPage = RowSet.rowsPerPage(rowBytes);
      while (from.next()) {
        if (written % perPage == 0) {
          firsts.add(Rows.prefix(from.row(), 0));
        }
        out.write(from.row());
        written++;
      }
    }
    long[] prefixes = firsts.stream().mapToLong(Long::longValue).toArray();
    return RowSet.spilled(file, rowBytes, written, prefixes);
  }

  private RowSet sorted() {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    sort(order, new int[count], 0, count);
    byte[] sorted = new byte[count * rowBytes];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || compare(order[i - 1], order[i]) != 0) {
        System.arraycopy(rows, order[i] * rowBytes, sorted, kept * rowBytes, rowBytes);
        kept++;
      }
    }
    return RowSet.held(sorted, rowBytes, kept);
  }

  private void sort(int[] order, int[] spare, int from, int to) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(order, spare, from, middle);
    sort(order, spare, middle, to);
    if (compare(order[middle - 1], order[middle]) <= 0) {
      return;
    }
    System.arraycopy(order, from, spare, from, middle - from);
    int left = from;
    int right = middle;
    int at = from;
    while (left < middle) {
      order[at++] =
          right < to && compare(order[right], spare[left]) < 0 ? order[right++] : spare[left++];
    }
  }

  private int compare(int a, int b) {
    int left = a * rowBytes;
    int right = b * rowBytes;
    return Arrays.compareUnsigned(rows, left, left + rowBytes, rows, right, right + rowBytes);
  }
}
