package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Requests that one thread makes one after the other, and that another may break off for good. */
final class Exchange implements Pacing.Rest {

  private final CountDownLatch broken = new CountDownLatch(1);
  private Optional<Future<?>> sending = Optional.empty();
  private Optional<InputStream> answer = Optional.empty();

  /** A request is on its way. */
  synchronized void sending(Future<?> future) throws IOException {
    sending = Optional.of(future);
    answer = Optional.empty();
    if (isBroken()) {
      future.cancel(true);
      throw brokenOff();
    }
  }

  /** The answer has begun. */
  synchronized void answering(InputStream in) throws IOException {
    answer = Optional.of(in);
    if (isBroken()) {
      in.close();
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
    sending.ifPresent(future -> future.cancel(true));
    answer.ifPresent(Exchange::close);
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

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
