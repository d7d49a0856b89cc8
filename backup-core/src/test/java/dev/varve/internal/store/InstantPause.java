package dev.varve.internal.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Waits by its own clock, which only waiting moves. Safe for use by many threads. */
final class InstantPause implements Pause {

  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private volatile int cancelAfter = Integer.MAX_VALUE;

  InstantPause cancelAfter(int pauses) {
    cancelAfter = pauses;
    return this;
  }

  List<Duration> pauses() {
    return pauses;
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void pause(Duration time) {
    pauses.add(time);
    nanos.addAndGet(time.toNanos());
    if (pauses.size() >= cancelAfter) {
      throw new CancellationException("Cancelled");
    }
  }
}
