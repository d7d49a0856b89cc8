package dev.varve.internal.index;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/** Goes through the packs of a run, ascending. Used by one thread. */
final class PackStep implements MergedCursor.Step {

  /** By name, then by what is said of it. */
  static final Comparator<PackStep> ORDER = (a, b) -> Arrays.compareUnsigned(a.pair, b.pair);

  private final RunCursor names;
  private final Section details;
  private final byte[] detailsPage = new byte[RunLayout.FULL_PAGE_BYTES];
  private final byte[] pair;
  private final byte[] before;
  private int opened = -1;

  private PackStep(Run run, int detailsBytes) {
    this.names = new RunCursor(run, run.names());
    this.details = run.details();
    this.pair = new byte[PackRow.NAME_BYTES + detailsBytes];
    this.before = new byte[pair.length];
  }

  /** All packs of some runs as one sequence; several entries about one pack follow each other. */
  static MergedCursor<PackStep> merge(Collection<Run> runs) {
    int detailsBytes = detailsBytes(runs);
    return new MergedCursor<>(
        runs.stream().map(run -> new PackStep(run, detailsBytes)).toList(), ORDER);
  }

  /** The width that the details of all packs of these runs fit in. */
  static int detailsBytes(Collection<Run> runs) {
    return runs.stream().mapToInt(run -> run.details().rowBytes()).max().orElse(0);
  }

  @Override
  public boolean next() throws IOException {
    if (!names.next()) {
      return false;
    }
    int page = (int) (names.row() / details.rowsPerPage());
    if (page != opened) {
      opened = -1;
      run().open(details, page, detailsPage);
      opened = page;
    }
    int at = (int) (names.row() % details.rowsPerPage()) * details.rowBytes();
    System.arraycopy(pair, 0, before, 0, pair.length);
    System.arraycopy(names.rows(), names.at(), pair, 0, PackRow.NAME_BYTES);
    System.arraycopy(detailsPage, at, pair, PackRow.NAME_BYTES, details.rowBytes());
    if (names.row() > 0 && Arrays.compareUnsigned(before, pair) >= 0) {
      throw run().damaged(details, names.row(), Run.outOfOrder());
    }
    return true;
  }

  Run run() {
    return names.run();
  }

  /** The row of the pack in its run. */
  int row() {
    return (int) names.row();
  }

  /** Name and details; valid until the next step. */
  byte[] pair() {
    return pair;
  }

  PackEntry entry() throws IOException {
    return run().packEntry(PackRow.name(pair, 0), detailsPage, names.row());
  }
}
