package dev.varve.examples.cli;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Turns Ctrl-C and SIGTERM into an interruption of the thread that works, and keeps the process
 * alive until that has put everything in order. A repository survives being killed; this only
 * spares the next run some work.
 */
final class Cancellation {

  private static final long PATIENCE_SECONDS = 30;

  private final Thread worker = Thread.currentThread();
  private final Optional<Prompt> prompt;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int exitCode = ExitCode.FAILED;

  private Cancellation(Optional<Prompt> prompt) {
    this.prompt = prompt;
  }

  /** Does the work in this thread and ends the process with the exit code it returns. */
  static void exitAfter(IntSupplier work, Optional<Prompt> prompt) {
    Cancellation cancellation = new Cancellation(prompt);
    Runtime.getRuntime().addShutdownHook(new Thread(cancellation::shutDown, "varve-shutdown"));
    try {
      cancellation.exitCode = work.getAsInt();
    } finally {
      cancellation.ended.countDown();
    }
    System.exit(cancellation.exitCode);
  }

  private void shutDown() {
    if (ended.getCount() == 0) {
      return;
    }
    if (prompt.filter(Prompt::asking).isPresent()) {
      prompt.get().abandon();
      Runtime.getRuntime().halt(ExitCode.FAILED);
    }
    worker.interrupt();
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(ExitCode.FAILED);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(ExitCode.FAILED);
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
