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
    if (tiers.isEmpty()) {
      RowSet held = held();
      rows = new byte[0];
      count = 0;
      return held;
    }
    List<RowSet> all = new ArrayList<>();
    tiers.forEach(all::addAll);
    all.add(written(new OrderedCursor()));
    rows = new byte[0];
    count = 0;
    return merged(all);
  }

  private void spill() throws IOException {
    keep(0, written(new OrderedCursor()));
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
    int perPage = RowSet.rowsPerPage(rowBytes);
    long[] firsts = new long[64];
    try (from;
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      while (from.next()) {
        if (written % perPage == 0) {
          int page = (int) (written / perPage);
          firsts = page == firsts.length ? Arrays.copyOf(firsts, 2 * page) : firsts;
          firsts[page] = Rows.prefix(from.row(), 0);
        }
        out.write(from.row());
        written++;
      }
    }
    int pages = (int) ((written + perPage - 1) / perPage);
    return RowSet.spilled(file, rowBytes, written, Arrays.copyOf(firsts, pages));
  }

  private RowSet held() throws IOException {
    byte[] sorted = new byte[count * rowBytes];
    int kept = 0;
    try (OrderedCursor cursor = new OrderedCursor()) {
      while (cursor.next()) {
        System.arraycopy(cursor.row(), 0, sorted, kept++ * rowBytes, rowBytes);
      }
    }
    return RowSet.held(kept == count ? sorted : Arrays.copyOf(sorted, kept * rowBytes), rowBytes);
  }

  private int[] order() {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    sort(order, new int[count], 0, count);
    return order;
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

  /** Goes through what is in memory, sorted; the rows stay where they are. */
  private final class OrderedCursor implements RowCursor {
    private final int[] order = order();
    private final byte[] row = new byte[rowBytes];
    private int next;

    @Override
    public boolean next() {
      while (next < order.length) {
        int at = next++;
        if (at == 0 || compare(order[at - 1], order[at]) != 0) {
          System.arraycopy(rows, order[at] * rowBytes, row, 0, rowBytes);
          return true;
        }
      }
      return false;
    }

    @Override
    public byte[] row() {
      return row;
    }

    @Override
    public void close() {}
  }
}
