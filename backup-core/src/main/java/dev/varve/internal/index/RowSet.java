package dev.varve.internal.index;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Sorted rows of one width, each once, in memory or in a file of a {@link Scratch}, which removes
 * it. Immutable; safe for use by many threads. Of rows in a file 8 bytes a page of about 4 KiB are
 * in memory.
 */
public final class RowSet {

  private static final int PAGE_BYTES = 4096;
  private static final int BUFFER_BYTES = 1 << 14;

  private final int rowBytes;
  private final long count;
  private final byte[] held;
  private final Optional<Path> file;
  private final long[] firsts;

  private RowSet(int rowBytes, long count, byte[] held, Optional<Path> file, long[] firsts) {
    this.rowBytes = rowBytes;
    this.count = count;
    this.held = held;
    this.file = file;
    this.firsts = firsts;
  }

  static RowSet held(byte[] rows, int rowBytes) {
    return new RowSet(rowBytes, rows.length / rowBytes, rows, Optional.empty(), new long[0]);
  }

  static RowSet spilled(Path file, int rowBytes, long count, long[] firsts) {
    return new RowSet(rowBytes, count, new byte[0], Optional.of(file), firsts);
  }

  static int rowsPerPage(int rowBytes) {
    return Math.max(1, PAGE_BYTES / rowBytes);
  }

  /** How many rows there are. */
  public long count() {
    return count;
  }

  /** Goes through all rows. Close it. */
  public RowCursor cursor() throws IOException {
    return file.isPresent()
        ? new FileCursor(Files.newInputStream(file.get()), rowBytes, count)
        : new HeldCursor(held, rowBytes, (int) count);
  }

  /** Goes through the rows of several sets of one width as through one set. Close it. */
  public static RowCursor union(Collection<RowSet> sets) throws IOException {
    List<RowCursor> cursors = new ArrayList<>();
    for (RowSet set : sets) {
      cursors.add(set.cursor());
    }
    return new UnionCursor(cursors);
  }

  /** Whether a row begins with {@code key}, which is at least 8 bytes long. */
  public boolean contains(byte[] key) throws IOException {
    if (file.isEmpty()) {
      int at = Rows.firstNotBelow(held, (int) count, rowBytes, key);
      return at < count && begins(held, at * rowBytes, key);
    }
    int page = Math.max(0, Rows.firstNotBelow(firsts, 0, firsts.length, Rows.prefix(key, 0)) - 1);
    try (FileChannel open = FileChannel.open(file.get())) {
      while (page < firsts.length && Long.compareUnsigned(firsts[page], Rows.prefix(key, 0)) <= 0) {
        byte[] rows = page(open, page);
        int at = Rows.firstNotBelow(rows, rows.length / rowBytes, rowBytes, key);
        if (at * rowBytes < rows.length) {
          return begins(rows, at * rowBytes, key);
        }
        page++;
      }
    }
    return false;
  }

  /** Gives its room on disk back; not to be used any more. */
  public void delete() throws IOException {
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }

  private byte[] page(FileChannel open, int page) throws IOException {
    long first = (long) page * rowsPerPage(rowBytes);
    int rows = (int) Math.min(rowsPerPage(rowBytes), count - first);
    ByteBuffer into = ByteBuffer.allocate(rows * rowBytes);
    while (into.hasRemaining()) {
      if (open.read(into, first * rowBytes + into.position()) < 0) {
        throw new EOFException(file + " is shorter than it was");
      }
    }
    return into.array();
  }

  private static boolean begins(byte[] rows, int at, byte[] key) {
    return Arrays.equals(rows, at, at + key.length, key, 0, key.length);
  }

  private static final class HeldCursor implements RowCursor {
    private final byte[] rows;
    private final byte[] row;
    private final int count;
    private int next;

    HeldCursor(byte[] rows, int rowBytes, int count) {
      this.rows = rows;
      this.row = new byte[rowBytes];
      this.count = count;
    }

    @Override
    public boolean next() {
      if (next == count) {
        return false;
      }
      System.arraycopy(rows, next++ * row.length, row, 0, row.length);
      return true;
    }

    @Override
    public byte[] row() {
      return row;
    }

    @Override
    public void close() {}
  }

  private static final class FileCursor implements RowCursor {
    private final InputStream in;
    private final byte[] row;
    private long left;

    FileCursor(InputStream in, int rowBytes, long count) {
      this.in = new BufferedInputStream(in, BUFFER_BYTES);
      this.row = new byte[rowBytes];
      this.left = count;
    }

    @Override
    public boolean next() throws IOException {
      if (left == 0) {
        return false;
      }
      if (in.readNBytes(row, 0, row.length) < row.length) {
        throw new EOFException("A file of rows is shorter than it was");
      }
      left--;
      return true;
    }

    @Override
    public byte[] row() {
      return row;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static final class UnionCursor implements RowCursor {
    private final List<RowCursor> all;
    private final MergedCursor<RowCursor> merged;
    private byte[] row = new byte[0];

    UnionCursor(List<RowCursor> all) {
      this.all = all;
      this.merged = new MergedCursor<>(all, (a, b) -> Arrays.compareUnsigned(a.row(), b.row()));
    }

    @Override
    public boolean next() throws IOException {
      while (merged.next()) {
        byte[] candidate = merged.current().row();
        if (!Arrays.equals(candidate, row)) {
          row = candidate.clone();
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
    public void close() throws IOException {
      for (RowCursor each : all) {
        each.close();
      }
    }
  }
}
