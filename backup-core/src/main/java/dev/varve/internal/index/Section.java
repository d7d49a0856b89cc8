package dev.varve.internal.index;

/**
 * A sequence of rows of one width on consecutive pages of a run. A value.
 *
 * @param kind what its rows are
 * @param firstPage the page it begins on
 * @param rows how many rows it has
 * @param rowBytes the width of each
 */
record Section(Kind kind, int firstPage, long rows, int rowBytes) {

  /** What rows are. */
  enum Kind {
    NAMES,
    DETAILS,
    CHUNKS,
    TAIL
  }

  int rowsPerPage() {
    return RunLayout.PAGE_BYTES / rowBytes;
  }

  int pages() {
    return Math.toIntExact((rows + rowsPerPage() - 1) / rowsPerPage());
  }

  /** The page after its last. */
  int endPage() {
    return Math.addExact(firstPage, pages());
  }

  /** How many rows are on its {@code page}th page, from 0. */
  int rowsOn(int page) {
    return (int) Math.min(rowsPerPage(), rows - (long) page * rowsPerPage());
  }
}
