package dev.varve.examples.cli.show;

import dev.varve.Problem;
import java.io.PrintStream;

/** Names problems and nothing else. Called by one thread at a time. */
public final class QuietProgress implements ProgressView {

  private final PrintStream err;

  /** A view that writes to {@code err}. */
  public QuietProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public void problem(Problem problem) {
    err.println("varve: " + problem);
  }

  @Override
  public void close() {}
}
