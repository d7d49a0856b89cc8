package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkFilterTest {

  private static final int CHUNKS = 50_000;

  @Test
  void mayHold_chunksAdded_always() {
    for (long bytes : new long[] {0, 32, 1000, ChunkFilter.wantedBytes(CHUNKS)}) {
      ChunkFilter filter = filled(bytes);
      assertTrue(filter.memoryBytes() <= Math.max(32, bytes));
      Random same = new Random(1);
      for (int i = 0; i < CHUNKS; i++) {
        assertTrue(filter.mayHold(Claims.id(same)));
      }
    }
  }

  @Test
  void mayHold_chunksNotAdded_seldom() {
    assertTrue(passing(ChunkFilter.wantedBytes(CHUNKS)) < CHUNKS / 250);
    assertTrue(passing(CHUNKS * 6 / 8) < CHUNKS / 7);
  }

  private static int passing(long bytes) {
    ChunkFilter filter = filled(bytes);
    Random other = new Random(2);
    int passing = 0;
    for (int i = 0; i < CHUNKS; i++) {
      passing += filter.mayHold(Claims.id(other)) ? 1 : 0;
    }
    return passing;
  }

  private static ChunkFilter filled(long bytes) {
    ChunkFilter filter = ChunkFilter.of(bytes);
    Random random = new Random(1);
    for (int i = 0; i < CHUNKS; i++) {
      filter.add(Claims.id(random));
    }
    return filter;
  }
}
