package dev.varve.internal.store;

import dev.varve.CancelledException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits by the real clock until somebody cancels. Safe for use by many threads. */
public final class CancellablePause implements Pause {

  private final CountDownLatch cancelled = new CountDownLatch(1);

  /** Ends all waiting, now and later, by a {@link CancelledException}. */
  public void cancel() {
    cancelled.countDown();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration time) {
    try {
      if (!cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new CancelledException("Cancelled while waiting to try again");
  }
}
