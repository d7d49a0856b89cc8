package dev.varve.examples.cli.show;

import dev.varve.Problem;
import dev.varve.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Writes a line when a phase begins to take long and every so often from then on, for logs. Called
 * by one thread at a time.
 */
public final class PlainProgress implements ProgressView {

  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintStream err;
  private final LongSupplier nanoClock;
  private long lastLineNanos;

  /** A view that writes to {@code err}. */
  public PlainProgress(PrintStream err) {
    this(err, System::nanoTime);
  }

  PlainProgress(PrintStream err, LongSupplier nanoClock) {
    this.err = err;
    this.nanoClock = nanoClock;
    this.lastLineNanos = nanoClock.getAsLong();
  }

  @Override
  public void progress(Progress progress) {
    long now = nanoClock.getAsLong();
    if (now - lastLineNanos >= INTERVAL_NANOS) {
      lastLineNanos = now;
      err.println(line(progress));
    }
  }

  @Override
  public void problem(Problem problem) {
    err.println("varve: " + problem);
  }

  @Override
  public void close() {}

  private static String line(Progress progress) {
    StringBuilder out = new StringBuilder(progress.phase()).append(": ");
    out.append(Legible.count(progress.entries(), "entry", "entries"));
    progress.totalEntries().ifPresent(n -> out.append(" of ").append(Legible.count(n)));
    out.append(", ").append(Legible.bytes(progress.bytes()));
    progress.totalBytes().ifPresent(n -> out.append(" of ").append(Legible.bytes(n)));
    return out.toString();
  }
}
