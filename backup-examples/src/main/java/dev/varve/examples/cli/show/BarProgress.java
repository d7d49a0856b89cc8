package dev.varve.examples.cli.show;

import dev.varve.Problem;
import dev.varve.Progress;
import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Draws a bar with rate and time left on the last line of a terminal, one phase after the other,
 * and leaves no trace of it. Called by one thread at a time. Does not load the terminal library:
 * the width is given.
 */
public final class BarProgress implements ProgressView {

  private static final int INTERVAL_MILLIS = 200;

  /** What phase, bar, rate and times need. */
  private static final int COLUMNS_OF_BAR = 80;

  private static final int LEAST_COLUMNS_OF_PATH = 15;

  private final TerminalLine line;
  private final int columns;
  private Optional<ProgressBar> bar = Optional.empty();
  private String phase = "";
  private boolean countsBytes;

  /** A view on a terminal of so many columns. */
  public BarProgress(PrintStream err, int columns) {
    this.columns = columns;
    line = new TerminalLine(err, columns);
  }

  @Override
  public void progress(Progress progress) {
    if (bar.isEmpty() || !progress.phase().equals(phase)) {
      close();
      phase = progress.phase();
      countsBytes = progress.totalBytes().isPresent() || progress.totalEntries().isEmpty();
      bar = Optional.of(newBar());
    }
    OptionalLong total = countsBytes ? progress.totalBytes() : progress.totalEntries();
    ProgressBar current = bar.get();
    long done = countsBytes ? progress.bytes() : progress.entries();
    current.maxHint(total.isEmpty() ? -1 : Math.max(done, total.getAsLong()));
    current.stepTo(done);
    current.setExtraMessage(detail(progress));
  }

  @Override
  public void problem(Problem problem) {
    line.printAbove("varve: " + problem);
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
    // A bar closed before it was first drawn is drawn then, and does not wipe itself away.
    line.clear();
  }

  private ProgressBar newBar() {
    ProgressBarBuilder builder =
        ProgressBar.builder()
            .setTaskName(phase)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setInitialMax(-1)
            .setConsumer(line)
            .clearDisplayOnFinish()
            .showSpeed();
    return (countsBytes ? builder.setUnit(" MiB", 1 << 20) : builder).build();
  }

  /** How many entries are done and where, as far as there is room beside the bar. */
  private String detail(Progress progress) {
    String entries = countsBytes ? " " + Legible.count(progress.entries()) + " entries" : "";
    int room = columns - COLUMNS_OF_BAR - entries.length() - 1;
    String path = progress.current().map(Object::toString).orElse("");
    if (path.isEmpty() || room < LEAST_COLUMNS_OF_PATH) {
      return entries;
    }
    return entries + " " + path.substring(Math.max(0, path.length() - room));
  }
}
