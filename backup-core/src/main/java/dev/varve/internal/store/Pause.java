package dev.varve.internal.store;

import java.time.Duration;

/** How the engine waits between two attempts. Safe for use by many threads. */
public interface Pause {

  /** The reading of a clock that never goes back, in nanoseconds. */
  long nanoTime();

  /**
   * Waits that long.
   *
   * @throws java.util.concurrent.CancellationException if the work is or becomes cancelled
   */
  void pause(Duration time);
}
