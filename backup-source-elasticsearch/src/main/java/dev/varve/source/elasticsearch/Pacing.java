package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Says how long to wait before asking again, and when to stop asking: each time about twice as long
 * as the last, at random, so that many who were refused do not come back at once. Used by one
 * thread.
 */
final class Pacing {

  /** Waits, unless there is nothing left to wait for. */
  interface Rest {
    void pause(long nanos) throws IOException;
  }

  private static final long LEAST_NANOS = Duration.ofMillis(50).toNanos();
  private static final long MOST_NANOS = Duration.ofSeconds(10).toNanos();

  private final Rest rest;
  private final Duration patience;
  private long ceiling = LEAST_NANOS;
  private long since;

  Pacing(Rest rest, Duration patience) {
    this.rest = rest;
    this.patience = patience;
    this.since = System.nanoTime();
  }

  /** Something went well: begins anew. */
  void went() {
    ceiling = LEAST_NANOS;
    since = System.nanoTime();
  }

  /**
   * Waits.
   *
   * @throws IOException {@code failure} itself, if it goes on for too long
   */
  void waitAfter(IOException failure) throws IOException {
    if (System.nanoTime() - since >= patience.toNanos()) {
      throw failure;
    }
    ceiling = Math.min(MOST_NANOS, 2 * ceiling);
    rest.pause(ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2));
  }
}
