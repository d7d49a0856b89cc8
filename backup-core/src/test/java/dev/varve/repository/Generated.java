package dev.varve.repository;

import dev.varve.testkit.GeneratedSource;
import dev.varve.testkit.MemorySource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sources of the sizes that tests here like, by name and seed: see {@link GeneratedSource}. */
final class Generated {

  private static final int OWN_FILES = 5;
  private static final int MOST_OWN_BYTES = 40_000;
  private static final int SHARED_BYTES = 60_000;

  private static final Map<String, MemorySource> SMALL = new ConcurrentHashMap<>();

  private Generated() {}

  static MemorySource source(String name, long seed) {
    return source(name, seed, MOST_OWN_BYTES);
  }

  static MemorySource source(String name, long seed, int mostOwnBytes) {
    return GeneratedSource.of(name, seed, OWN_FILES, mostOwnBytes, SHARED_BYTES);
  }

  /**
   * A small one, of which still a good part is shared with others; made once in a process, and to
   * be left as it is.
   */
  static MemorySource small(String name, long seed) {
    return SMALL.computeIfAbsent(
        name + " " + seed, key -> GeneratedSource.of(name, seed, 3, 3000, 9000));
  }
}
