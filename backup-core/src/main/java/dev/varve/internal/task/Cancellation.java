package dev.varve.internal.task;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells everything that works for one verb to stop. Safe for use by many threads. */
public final class Cancellation {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");
  private static final ThreadLocal<Cancellation> CURRENT =
      ThreadLocal.withInitial(Cancellation::new);

  private static final Registration NOTHING = () -> {};

  private final CountDownLatch latch = new CountDownLatch(1);
  private final List<Runnable> stops = new ArrayList<>();
  private volatile boolean cancelled;

  /**
   * That of the verb the calling thread works for; one that nobody cancels if it works for none.
   */
  public static Cancellation current() {
    return CURRENT.get();
  }

  /** The result of {@code work}, done by this thread for the verb that this cancels. */
  <T> T during(Callable<T> work) throws Exception {
    Cancellation before = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.call();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Something that may fail. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * The result of {@code work}, which comes to its own end although the verb is cancelled: for what
   * must not be left in doubt.
   */
  public static <T> T shielded(Work<T> work) throws IOException {
    Cancellation before = CURRENT.get();
    CURRENT.set(new Cancellation());
    try {
      return work.run();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Does {@code work} to its own end although the verb is cancelled. */
  public static void unstoppable(Runnable work) {
    Cancellation before = CURRENT.get();
    CURRENT.set(new Cancellation());
    try {
      work.run();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Waits so long, or until the work is to stop; whether it is. */
  public boolean await(Duration time) {
    boolean interrupted = false;
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      try {
        boolean stop = latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return stop;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /** Whether the work is to stop. */
  public boolean cancelled() {
    return cancelled;
  }

  /** Fails if the work is to stop. */
  public void check() {
    if (cancelled) {
      throw new CancellationException("The work was cancelled");
    }
  }

  /**
   * Runs {@code stop} when the work is cancelled, on the cancelling thread; at once if it already
   * is.
   *
   * @return removes {@code stop} again
   */
  public Registration onCancel(Runnable stop) {
    synchronized (stops) {
      if (!cancelled) {
        stops.add(stop);
        return new Registered(stop);
      }
    }
    stop.run();
    return NOTHING;
  }

  private final class Registered implements Registration {

    private final Runnable stop;

    Registered(Runnable stop) {
      this.stop = stop;
    }

    @Override
    public void close() {
      synchronized (stops) {
        stops.remove(stop);
      }
    }
  }

  /** Tells everybody to stop; what was registered runs once. */
  public void cancel() {
    List<Runnable> run;
    synchronized (stops) {
      cancelled = true;
      run = List.copyOf(stops);
      stops.clear();
    }
    latch.countDown();
    for (Runnable stop : run) {
      try {
        stop.run();
      } catch (RuntimeException e) {
        // A plugin's may fail; the others are to be stopped all the same.
        LOG.warn("Something that was to be stopped could not be", e);
      }
    }
  }

  /** Something registered, which can be taken back. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
