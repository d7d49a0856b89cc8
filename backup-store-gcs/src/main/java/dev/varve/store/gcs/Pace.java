package dev.varve.store.gcs;

import java.time.Duration;

/** How long a transfer may take before it counts as stuck, however it creeps on. Stateless. */
final class Pace {

  /** Below the slowest line that one would back up over. */
  private static final long SLOWEST_BYTES_PER_SECOND = 32 * 1024;

  private static final Duration START = Duration.ofSeconds(60);

  private Pace() {}

  /** The longest that moving this many bytes may take. */
  static Duration longest(long bytes) {
    return START.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
  }
}
