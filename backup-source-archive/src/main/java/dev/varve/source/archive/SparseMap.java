package dev.varve.source.archive;

import java.io.IOException;
import java.util.Arrays;

/** Which stretches of a file are stored, ascending; the others are holes. Used by one thread. */
final class SparseMap {

  private static final int MOST_STRETCHES = 1 << 20;

  private long[] offsets = new long[8];
  private long[] lengths = new long[8];
  private int count;

  void add(long offset, long length) throws IOException {
    long end = count == 0 ? 0 : offsets[count - 1] + lengths[count - 1];
    if (offset < end || length < 0 || offset > Long.MAX_VALUE - length) {
      throw new IOException("The archive is damaged: the map of a sparse file makes no sense");
    }
    if (count == MOST_STRETCHES) {
      throw new IOException(
          "The archive is refused: a sparse file has more than " + MOST_STRETCHES + " pieces");
    }
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  /** Fails unless the stretches lie within so many bytes, and are as long as what is stored. */
  void check(long size, long storedBytes) throws IOException {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += lengths[i];
    }
    if (size < 0
        || (count > 0 && offsets[count - 1] + lengths[count - 1] > size)
        || sum != storedBytes) {
      throw new IOException(
          "The archive is damaged: the map of a sparse file does not fit its content");
    }
  }

  int count() {
    return count;
  }

  long offset(int index) {
    return offsets[index];
  }

  long length(int index) {
    return lengths[index];
  }
}
