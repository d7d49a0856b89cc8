package dev.varve.testkit;

import java.util.concurrent.CountDownLatch;

/** Holds calls up until a test lets them go, without anybody's clock. Safe for many threads. */
public final class Gate {

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Waits until a call has come to the gate. */
  public void awaitArrival() throws InterruptedException {
    arrived.await();
  }

  /** Whether a call has come to the gate. */
  public boolean hasArrival() {
    return arrived.getCount() == 0;
  }

  /** Lets go whoever waits, and all that come later. */
  public void open() {
    opened.countDown();
  }

  void pass() {
    arrived.countDown();
    awaitUninterrupted(opened);
  }

  /** Waits, an interrupt being kept for later. */
  static void awaitUninterrupted(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
