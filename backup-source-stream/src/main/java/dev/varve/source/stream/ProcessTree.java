package dev.varve.source.stream;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ends processes with all they started. Safe for use by many threads. */
final class ProcessTree {

  /** How long processes may put things in order before they are killed. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private ProcessTree() {}

  /**
   * Asks a process and all below it to end, kills what does not within some seconds, and waits.
   *
   * <p>The process itself goes first, so that it starts nothing more. The rest goes youngest first:
   * who reads from a pipeline is younger than who writes to it and must not take its death for the
   * end.
   */
  static void stop(Process process) {
    stop(process, GRACE);
  }

  static void stop(Process process, Duration grace) {
    List<ProcessHandle> below = youngestFirst(process.descendants());
    process.destroy();
    below.forEach(ProcessHandle::destroy);
    if (!ended(process, below, grace)) {
      List<ProcessHandle> left =
          youngestFirst(
              Stream.concat(Stream.of(process.toHandle()), below.stream())
                  .filter(ProcessHandle::isAlive)
                  .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
                  .distinct());
      process.destroyForcibly();
      left.forEach(ProcessHandle::destroyForcibly);
      ended(process, left, GRACE);
    }
  }

  private static List<ProcessHandle> youngestFirst(Stream<ProcessHandle> processes) {
    return processes.sorted(Comparator.comparingLong(ProcessHandle::pid).reversed()).toList();
  }

  /** Waits until all ended, for some seconds at most: what the kernel holds nobody can end. */
  private static boolean ended(Process process, List<ProcessHandle> others, Duration patience) {
    CompletableFuture<?> all =
        CompletableFuture.allOf(
            Stream.concat(Stream.of(process.onExit()), others.stream().map(ProcessHandle::onExit))
                .toArray(CompletableFuture<?>[]::new));
    CompletableFuture<Boolean> inTime = all.thenApply(unused -> true);
    return inTime.completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
