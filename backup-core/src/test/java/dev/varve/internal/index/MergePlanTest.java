package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.RunName;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergePlanTest {

  @Test
  void choose_fewRuns_leavesThemAlone() {
    Map<RunName, Long> runs = new HashMap<>();
    for (long bytes = 16 << 10; bytes < 1L << 30; bytes *= 2) {
      runs.put(RunName.random(), bytes);
    }
    assertEquals(Set.of(), MergePlan.choose(runs));
  }

  @Test
  void choose_eightOfLikeLength_takesThemAndAllSmallerOnes() {
    Map<RunName, Long> runs = new HashMap<>();
    RunName huge = RunName.random();
    runs.put(huge, 1L << 32);
    for (int i = 0; i < 3; i++) {
      runs.put(RunName.random(), 16L << 10);
    }
    for (int i = 0; i < 8; i++) {
      runs.put(RunName.random(), (5L + i % 2) << 20);
    }
    Set<RunName> chosen = MergePlan.choose(runs);
    assertEquals(11, chosen.size());
    assertTrue(!chosen.contains(huge));
  }

  @Test
  void choose_tenYearsOfNights_keepsRunsFewAndRewritesLittle() {
    Random random = new Random(1);
    Map<RunName, Long> runs = new HashMap<>();
    long written = 0;
    long rewritten = 0;
    int most = 0;
    for (int night = 0; night < 3650; night++) {
      long bytes = (16L << 10) << random.nextInt(11);
      runs.put(RunName.random(), bytes);
      written += bytes;
      for (Set<RunName> chosen = MergePlan.choose(runs);
          !chosen.isEmpty();
          chosen = MergePlan.choose(runs)) {
        long merged = chosen.stream().mapToLong(runs::remove).sum();
        assertTrue(merged < 4L << 30);
        runs.put(RunName.random(), merged);
        rewritten += merged;
      }
      most = Math.max(most, runs.size());
    }
    assertTrue(most <= 6 * 7 + written / MergePlan.LONG_BYTES, "runs at once: " + most);
    assertTrue(rewritten <= 4 * written, rewritten + " of " + written);
  }
}
