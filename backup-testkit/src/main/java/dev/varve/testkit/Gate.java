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
    boolean interrupted = false;
    while (opened.getCount() > 0) {
      try {
        opened.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
