package dev.varve.repository;

import java.util.Random;

/**
 * Where randomness of tests comes from: a fresh seed each run, printed so that the run can be
 * repeated with {@code -Dvarve.seed=…}; and how long a test may go on trying.
 */
final class Seeds {

  /** Whether figures of the deep build are to be reached. */
  static final boolean DEEP = Boolean.getBoolean("varve.deep");

  private static final long NORMAL_NANOS = 8_000_000_000L;
  private static final long DEEP_NANOS = 1_200_000_000_000L;

  private Seeds() {}

  /** Randomness for a test class. */
  static Random random(Class<?> test) {
    return new Random(seed(test));
  }

  /** A seed for a test class. */
  static long seed(Class<?> test) {
    long seed = Long.getLong("varve.seed", System.nanoTime());
    System.out.println(test.getSimpleName() + " -Dvarve.seed=" + seed);
    return seed;
  }

  /** Until when, by {@code System.nanoTime()}, rounds are begun. */
  static long end() {
    return System.nanoTime() + (DEEP ? DEEP_NANOS : NORMAL_NANOS);
  }

  /** As {@link #end()}, of half the time: for what others try as well. */
  static long nearEnd() {
    return System.nanoTime() + (DEEP ? DEEP_NANOS : NORMAL_NANOS) / 2;
  }
}
