package dev.varve.internal.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Compares and finds sorted rows on an opened page, as unsigned bytes. Stateless. */
final class Rows {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Rows() {}

  /** The first eight bytes of the row at {@code at}. */
  static long prefix(byte[] rows, int at) {
    return (long) LONG.get(rows, at);
  }

  /** Whether these rows ascend; equal ones may follow each other only if {@code repeats}. */
  static boolean ascend(byte[] rows, int count, int width, boolean repeats) {
    long before = prefix(rows, 0);
    for (int row = 1; row < count; row++) {
      int at = row * width;
      long prefix = prefix(rows, at);
      int order = Long.compareUnsigned(before, prefix);
      if (order == 0) {
        order = Arrays.compareUnsigned(rows, at - width, at, rows, at, at + width);
      }
      if (order > 0 || (order == 0 && !repeats)) {
        return false;
      }
      before = prefix;
    }
    return true;
  }

  /** The first of {@code count} rows that does not come before the key. */
  static int firstNotBelow(byte[] rows, int count, int width, byte[] key) {
    long prefix = prefix(key, 0);
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int at = middle * width;
      int order = Long.compareUnsigned(prefix(rows, at), prefix);
      if (order == 0) {
        order = Arrays.compareUnsigned(rows, at, at + key.length, key, 0, key.length);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first index from {@code from} to {@code to} whose value is not below {@code prefix}. */
  static int firstNotBelow(long[] ascending, int from, int to, long prefix) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(ascending[middle], prefix) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
