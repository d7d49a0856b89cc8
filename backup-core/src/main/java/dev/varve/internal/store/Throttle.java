package dev.varve.internal.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many bytes pass in a second, whoever moves them, in the order they ask. Safe for use by
 * many threads. After a rest it makes up for a quarter of a second and no more.
 */
final class Throttle {

  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private final Pause pause;
  private long free;

  Throttle(long bytesPerSecond, Pause pause) {
    this.bytesPerSecond = bytesPerSecond;
    this.pause = pause;
    this.free = pause.nanoTime();
  }

  /**
   * Returns when these bytes may be moved.
   *
   * @throws java.util.concurrent.CancellationException if the work is or becomes cancelled
   */
  void pass(long bytes) {
    long wait = reserve(bytes);
    if (wait > 0) {
      pause.pause(Duration.ofNanos(wait));
    }
  }

  private synchronized long reserve(long bytes) {
    long now = pause.nanoTime();
    long begin = now - free > GRACE_NANOS ? now - GRACE_NANOS : free;
    free = begin + (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
    return begin - now;
  }
}
