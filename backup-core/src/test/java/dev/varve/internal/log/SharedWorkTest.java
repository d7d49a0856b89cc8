package dev.varve.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class SharedWorkTest {

  private final AtomicIntegerArray done = new AtomicIntegerArray(100);

  @Test
  void everyPiece_isDoneOnce_byWhoeverHasTime() throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      SharedWork.run(done.length(), done::incrementAndGet, threads);
      assertEachOnce();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void executorThatNeverRunsAnything_leavesItToTheCaller() throws IOException {
    SharedWork.run(done.length(), done::incrementAndGet, task -> {});
    assertEachOnce();
  }

  @Test
  void executorThatRefuses_leavesItToTheCaller() throws IOException {
    SharedWork.run(
        done.length(),
        done::incrementAndGet,
        task -> {
          throw new RejectedExecutionException();
        });
    assertEachOnce();
  }

  @Test
  void interruptedCaller_finishes_andStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    SharedWork.run(done.length(), done::incrementAndGet, Runnable::run);
    assertTrue(Thread.interrupted());
    assertEachOnce();
  }

  @Test
  void firstFailure_isThrown_andNothingMoreIsBegun() {
    IOException failure = new IOException("broken");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                SharedWork.run(
                    done.length(),
                    i -> {
                      done.incrementAndGet(i);
                      throw failure;
                    },
                    task -> {}));
    assertSame(failure, thrown);
    assertEquals(1, done.get(0));
    assertEquals(0, done.get(1));
    assertThrows(
        IllegalStateException.class,
        () ->
            SharedWork.run(
                1,
                i -> {
                  throw new IllegalStateException();
                },
                task -> {}));
  }

  private void assertEachOnce() {
    for (int i = 0; i < done.length(); i++) {
      assertEquals(1, done.get(i));
    }
  }
}
