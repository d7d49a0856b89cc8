package dev.varve.examples.cli.show;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBarConsumer;

/** The last line of a terminal, drawn over and over. Safe for use by many threads. */
final class TerminalLine implements ProgressBarConsumer {

  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final int columns;

  TerminalLine(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  @Override
  public int getMaxRenderedLength() {
    return columns - 1;
  }

  @Override
  public synchronized void accept(String text) {
    err.print(ERASE + text);
    err.flush();
  }

  @Override
  public synchronized void clear() {
    err.print(ERASE);
    err.flush();
  }

  /** Writes a line that stays; the next drawing comes below it. */
  synchronized void printAbove(String text) {
    err.println(ERASE + text);
  }

  @Override
  public void close() {}
}
