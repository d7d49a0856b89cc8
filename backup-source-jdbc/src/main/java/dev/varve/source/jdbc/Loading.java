package dev.varve.source.jdbc;

import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes the chosen steps, phase by phase, with several threads where their order does not matter:
 * the largest first, so that none is left for the end. One thread alone keeps to the plan's order.
 * The first failure ends all.
 */
final class Loading {

  private final SnapshotContents contents;
  private final TargetContext context;
  private final StepChoice choice;
  private final Load load;
  private Optional<Exception> failure = Optional.empty();

  Loading(SnapshotContents contents, TargetContext context, StepChoice choice, Load load) {
    this.contents = contents;
    this.context = context;
    this.choice = choice;
    this.load = load;
  }

  /** Takes all steps. */
  void run() throws IOException {
    context.onCancel(load::cancel);
    for (Phase phase : Phase.values()) {
      List<Step> steps = choice.steps().stream().filter(step -> step.phase() == phase).toList();
      if (phase == Phase.ROWS || phase == Phase.KEY) {
        takeInAnyOrder(steps);
      } else {
        for (Step step : steps) {
          take(step);
        }
      }
    }
    checkGoing(context::cancelled);
  }

  private void takeInAnyOrder(List<Step> steps) throws IOException {
    List<Step> largestFirst = new ArrayList<>(steps);
    if (load.parallelSteps() > 1) {
      largestFirst.sort(Comparator.comparingLong(step -> -choice.entry(step).size()));
    }
    Iterator<Step> waiting = largestFirst.iterator();
    int others = Math.min(load.parallelSteps(), steps.size()) - 1;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < others; i++) {
      Thread thread = new Thread(() -> takeAll(waiting), "varve-jdbc-" + (i + 1));
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    takeAll(waiting);
    for (Thread thread : threads) {
      await(thread);
    }
    if (failure.isPresent()) {
      if (failure.get() instanceof RuntimeException fault) {
        throw fault;
      }
      throw (IOException) failure.get();
    }
  }

  private void takeAll(Iterator<Step> waiting) {
    try {
      for (Optional<Step> next = next(waiting); next.isPresent(); next = next(waiting)) {
        take(next.get());
      }
    } catch (IOException | RuntimeException failed) {
      boolean first;
      synchronized (this) {
        first = failure.isEmpty();
        failure = first ? Optional.of(failed) : failure;
      }
      if (first) {
        load.cancel();
      }
    }
  }

  private synchronized Optional<Step> next(Iterator<Step> waiting) {
    return failure.isEmpty() && waiting.hasNext() ? Optional.of(waiting.next()) : Optional.empty();
  }

  private synchronized boolean failed() {
    return failure.isPresent();
  }

  private void take(Step step) throws IOException {
    try (InputStream content =
        new GoingInput(contents.open(step.path()), () -> failed() || context.cancelled())) {
      load.take(step, content, choice.rows(step));
    }
  }

  /** Threads of the engine are never interrupted. */
  private static void await(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while rows were loaded", interrupted);
    }
  }

  private static void checkGoing(BooleanSupplier stopped) throws IOException {
    if (stopped.getAsBoolean()) {
      throw new IOException("The restore was cancelled");
    }
  }

  /** A content that fails once the work is not wanted any more, so that nobody waits for it. */
  private static final class GoingInput extends FilterInputStream {

    private final BooleanSupplier stopped;

    GoingInput(InputStream in, BooleanSupplier stopped) {
      super(in);
      this.stopped = stopped;
    }

    @Override
    public int read() throws IOException {
      checkGoing(stopped);
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      checkGoing(stopped);
      return super.read(bytes, offset, length);
    }
  }
}
