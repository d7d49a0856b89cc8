package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Requests that one thread makes one after the other, and that another may break off for good. One
 * may be made ahead, while the answer to the last is still read.
 */
final class Exchange implements Pacing.Rest {

  private static final int MOST_UNDER_WAY = 2;

  private final CountDownLatch broken = new CountDownLatch(1);
  private final Deque<CompletableFuture<? extends HttpResponse<?>>> underWay = new ArrayDeque<>();

  /** A request is on its way. */
  synchronized void sending(CompletableFuture<? extends HttpResponse<?>> future)
      throws IOException {
    underWay.add(future);
    if (underWay.size() > MOST_UNDER_WAY) {
      underWay.remove();
    }
    if (isBroken()) {
      breakOff(future);
      throw brokenOff();
    }
  }

  /** Whether nobody wants the rest. */
  boolean isBroken() {
    return broken.getCount() == 0;
  }

  /** Breaks off what is under way; the thread that waits for it fails. */
  synchronized void breakOff() {
    broken.countDown();
    underWay.forEach(Exchange::breakOff);
  }

  /** Breaks off one request, or the answer to it. */
  static void breakOff(CompletableFuture<? extends HttpResponse<?>> future) {
    future.cancel(true);
    CompletableFuture<Void> unused = future.thenAccept(Exchange::close);
  }

  @Override
  public void pause(long nanos) throws IOException {
    try {
      if (broken.await(nanos, TimeUnit.NANOSECONDS)) {
        throw brokenOff();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the cluster", e);
    }
  }

  private static IOException brokenOff() {
    return new IOException("The conversation with the cluster was broken off");
  }

  private static void close(HttpResponse<?> answer) {
    if (answer.body() instanceof InputStream in) {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
