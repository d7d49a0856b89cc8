package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows come out sorted, each once, whether they fit into memory or not. */
class SortedRowsTest {

  private static final int WIDTH = 11;

  private final Random random = new Random(5);

  private byte[] row(int values) {
    byte[] row = new byte[WIDTH];
    random.nextBytes(row);
    row[0] = (byte) (random.nextInt(values) - 128);
    Arrays.fill(row, 1, 9, row[0]);
    return row;
  }

  @ParameterizedTest
  @CsvSource({
    // rows, memory: all in memory; a few files; files of two tiers
    "0, 1000000",
    "1, 1000000",
    "5000, 1000000",
    "5000, 2000",
    "60000, 1",
  })
  void finish_anyRows_givesThemSortedAndOnce(int count, int memory) throws IOException {
    TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
    try (Scratch scratch = new Scratch()) {
      SortedRows rows = scratch.rows(WIDTH, memory);
      for (int i = 0; i < count; i++) {
        byte[] row = row(256);
        expected.add(row);
        rows.add(row);
        if (i % 3 == 0) {
          rows.add(row);
        }
      }
      RowSet set = rows.finish();
      assertEquals(expected.size(), set.count());
      Iterator<byte[]> next = expected.iterator();
      try (RowCursor cursor = set.cursor()) {
        while (cursor.next()) {
          assertArrayEquals(next.next(), cursor.row());
        }
      }
      assertFalse(next.hasNext());
      int looked = 0;
      for (byte[] row : expected) {
        if (looked++ % 97 == 0) {
          assertTrue(set.contains(row), () -> Arrays.toString(row));
          byte[] other = row.clone();
          other[WIDTH - 1]++;
          assertEquals(expected.contains(other), set.contains(other));
          assertTrue(set.contains(Arrays.copyOf(row, 8)));
        }
      }
    }
  }

  @Test
  void union_severalSets_isOne() throws IOException {
    try (Scratch scratch = new Scratch()) {
      TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
      RowSet[] sets = new RowSet[3];
      for (int i = 0; i < sets.length; i++) {
        SortedRows rows = scratch.rows(WIDTH, i == 1 ? 1 : 1 << 20);
        for (int n = 0; n < 500; n++) {
          byte[] row = new byte[WIDTH];
          row[WIDTH - 1] = (byte) random.nextInt(200);
          expected.add(row);
          rows.add(row);
        }
        sets[i] = rows.finish();
      }
      Iterator<byte[]> next = expected.iterator();
      try (RowCursor cursor = RowSet.union(List.of(sets))) {
        while (cursor.next()) {
          assertArrayEquals(next.next(), cursor.row());
        }
      }
      assertFalse(next.hasNext());
    }
  }
}
