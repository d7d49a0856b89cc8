package dev.varve.internal.log;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Two numbers for each of many 128-bit names, sorted by name: 32 bytes of heap a row and little
 * more. Immutable; an {@link Editor} makes another that shares what did not change.
 *
 * <p>Rows lie in buckets by the first bits of their names, which are random, so that a change
 * copies one bucket. Names that are not random make it slow, never wrong.
 */
final class NameTable {

  /** No rows. */
  static final NameTable EMPTY = new NameTable(0, new long[1][0], 0);

  private static final int ROW_LONGS = 4;
  private static final int ROWS_A_BUCKET = 64;
  private static final int MAX_BITS = 24;

  private final int bits;
  private final long[][] buckets;
  private final int size;

  private NameTable(int bits, long[][] buckets, int size) {
    this.bits = bits;
    this.buckets = buckets;
    this.size = size;
  }

  /** The two numbers of a name. */
  record Row(long first, long second) {

    /** What a name that is not in the table has. */
    static final Row NONE = new Row(0, 0);
  }

  /** Takes one row after the other. */
  interface RowVisitor {
    void visit(long high, long low, long first, long second);
  }

  int size() {
    return size;
  }

  /** The row of a name, {@link Row#NONE} if there is none. */
  Row row(long high, long low) {
    long[] bucket = buckets[bucketOf(high, bits)];
    int at = search(bucket, high, low);
    return at < 0 ? Row.NONE : new Row(bucket[at + 2], bucket[at + 3]);
  }

  /** Visits all rows, ascending by name. */
  void forEach(RowVisitor visitor) {
    for (long[] bucket : buckets) {
      for (int i = 0; i < bucket.length; i += ROW_LONGS) {
        visitor.visit(bucket[i], bucket[i + 1], bucket[i + 2], bucket[i + 3]);
      }
    }
  }

  Editor edit() {
    return new Editor(this);
  }

  private static int bucketOf(long high, int bits) {
    return bits == 0 ? 0 : (int) (high >>> (64 - bits));
  }

  /** Where the name's row is, or ~ where it would be. */
  private static int search(long[] bucket, long high, long low) {
    int from = 0;
    int to = bucket.length / ROW_LONGS - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = Long.compareUnsigned(bucket[middle * ROW_LONGS], high);
      if (order == 0) {
        order = Long.compareUnsigned(bucket[middle * ROW_LONGS + 1], low);
      }
      if (order == 0) {
        return middle * ROW_LONGS;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return ~(from * ROW_LONGS);
  }

  /** Makes a changed table. Used by one thread. */
  static final class Editor {
    private NameTable table;
    private boolean changed;
    private BitSet owned = new BitSet();

    private Editor(NameTable table) {
      this.table = table;
    }

    Row row(long high, long low) {
      return table.row(high, low);
    }

    void put(long high, long low, long first, long second) {
      if (!changed) {
        changed = true;
        table = new NameTable(table.bits, table.buckets.clone(), table.size);
      }
      int number = bucketOf(high, table.bits);
      long[] bucket = table.buckets[number];
      int at = search(bucket, high, low);
      if (at >= 0) {
        if (!owned.get(number)) {
          bucket = bucket.clone();
        }
      } else {
        at = ~at;
        long[] longer = Arrays.copyOf(bucket, bucket.length + ROW_LONGS);
        System.arraycopy(bucket, at, longer, at + ROW_LONGS, bucket.length - at);
        bucket = longer;
        bucket[at] = high;
        bucket[at + 1] = low;
        table = new NameTable(table.bits, table.buckets, table.size + 1);
      }
      bucket[at + 2] = first;
      bucket[at + 3] = second;
      table.buckets[number] = bucket;
      owned.set(number);
      if (table.size > ROWS_A_BUCKET * table.buckets.length && table.bits < MAX_BITS) {
        split();
      }
    }

    /** The table as it is now; the editor can go on. */
    NameTable table() {
      changed = false;
      owned = new BitSet();
      return table;
    }

    private void split() {
      int bits = table.bits + 1;
      long[][] halves = new long[1 << bits][];
      for (int i = 0; i < table.buckets.length; i++) {
        long[] bucket = table.buckets[i];
        int middle = 0;
        while (middle < bucket.length && bucketOf(bucket[middle], bits) == 2 * i) {
          middle += ROW_LONGS;
        }
        halves[2 * i] = Arrays.copyOf(bucket, middle);
        halves[2 * i + 1] = Arrays.copyOfRange(bucket, middle, bucket.length);
      }
      table = new NameTable(bits, halves, table.size);
      owned.set(0, halves.length);
    }
  }
}
