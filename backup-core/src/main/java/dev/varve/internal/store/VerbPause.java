package dev.varve.internal.store;

import dev.varve.internal.task.Cancellation;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Waits by the real clock until the verb is cancelled that waits. Safe for use by many threads. */
public final class VerbPause implements Pause {

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration time) {
    // A host's thread that opens a repository is not an engine's: its interrupt fails every
    // attempt.
    if (Thread.currentThread().isInterrupted() || Cancellation.current().await(time)) {
      throw new CancellationException("Cancelled while waiting to try again");
    }
  }
}
