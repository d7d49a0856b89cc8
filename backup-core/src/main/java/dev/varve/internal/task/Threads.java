package dev.varve.internal.task;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one repository, made as they are needed and ended when they have long had nothing
 * to do. They are never interrupted: an interrupt would close a file for everybody. Safe for use by
 * many threads.
 */
public final class Threads implements AutoCloseable {

  private static final int TRANSFERS = 4;
  private static final int MAX_VERBS = 1024;

  private final int parallelism;
  private final Map<Lane, ThreadPoolExecutor> lanes;

  private Threads(int parallelism, Map<Lane, ThreadPoolExecutor> lanes) {
    this.parallelism = parallelism;
    this.lanes = lanes;
  }

  /** Threads of which {@code parallelism}, 1 or more, read and as many seal at once. */
  public static Threads start(int parallelism) {
    return new Threads(
        parallelism,
        Map.of(
            Lane.VERB, pool(Lane.VERB, MAX_VERBS),
            Lane.WALK, pool(Lane.WALK, MAX_VERBS),
            Lane.READ, pool(Lane.READ, parallelism),
            Lane.SEAL, pool(Lane.SEAL, parallelism),
            Lane.TRANSFER, pool(Lane.TRANSFER, TRANSFERS)));
  }

  /**
   * No threads: everything runs at once on the thread that submits it, always in the same order.
   */
  public static Threads inline() {
    return new Threads(1, Map.of());
  }

  /** How many tasks of one lane run at once. */
  public int parallelism() {
    return parallelism;
  }

  /**
   * Runs {@code work} soon, for the verb that the calling thread works for; tasks of one lane begin
   * in the order given.
   */
  public <T> Future<T> submit(Lane lane, Callable<T> work) {
    Cancellation verb = Cancellation.current();
    FutureTask<T> task = new FutureTask<>(() -> verb.during(work));
    executor(lane).execute(task);
    return task;
  }

  /** The threads of {@code lane} as an executor. */
  public Executor executor(Lane lane) {
    Executor executor = lanes.get(lane);
    return executor == null ? Runnable::run : executor;
  }

  /** Waits for {@code task}, whatever interrupts come, and gives its result or throws its error. */
  public static <T> T join(Future<T> task) throws Exception {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unwrapped(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** As {@link #join}, for tasks that fail with nothing worse than an {@code IOException}. */
  public static <T> T joinIo(Future<T> task) throws IOException {
    try {
      return join(task);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("A task failed: " + e, e);
    }
  }

  /** Something to be done now and then. */
  @FunctionalInterface
  public interface Tick {
    /** Does it. */
    void now() throws IOException;
  }

  /** As {@link #joinIo(Future)}, doing something about once a second while it waits. */
  public static <T> T joinIo(Future<T> task, Tick tick) throws IOException {
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        tick.now();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return joinIo(task);
  }

  /** Waits until {@code task} has ended, however it did. */
  public static void settle(Future<?> task) {
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException | CancellationException e) {
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs a verb on an engine thread while the caller waits; an interrupt of the caller cancels. The
   * interrupt flag is set again when this returns or throws.
   *
   * @throws CancellationException if the work stopped because it was cancelled
   */
  public <T> T run(Cancellation cancellation, Callable<T> verb) throws Exception {
    FutureTask<T> task = new FutureTask<>(() -> cancellation.during(verb));
    executor(Lane.VERB).execute(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancellation.cancel();
        } catch (ExecutionException e) {
          if (interrupted) {
            CancellationException cancelled = new CancellationException("The work was cancelled");
            cancelled.initCause(e.getCause());
            throw cancelled;
          }
          throw unwrapped(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Starts a thread that calls verbs as a host's own would, for who calls several at once;
   * interrupting it cancels its verb.
   */
  public static Thread caller(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Lets what runs come to its end and starts nothing more. */
  @Override
  public void close() {
    for (ThreadPoolExecutor lane : lanes.values()) {
      lane.shutdown();
    }
    boolean interrupted = false;
    for (ThreadPoolExecutor lane : lanes.values()) {
      boolean ended = false;
      while (!ended) {
        try {
          ended = lane.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Exception unwrapped(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof Exception cause ? cause : e;
  }

  private static ThreadPoolExecutor pool(Lane lane, int size) {
    AtomicInteger number = new AtomicInteger();
    boolean each = lane == Lane.VERB || lane == Lane.WALK;
    String name = "varve-" + lane.name().toLowerCase(Locale.ROOT) + "-";
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            each ? 0 : size,
            size,
            5,
            TimeUnit.SECONDS,
            each ? new SynchronousQueue<>() : new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
