package dev.varve.internal.index;

import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Goes through the rows of a section, past the page cache. Used by one thread. After a {@link
 * FormatException} it goes on behind the damaged page, after any other failure it tries again.
 */
final class RunCursor implements MergedCursor.Step {

  private final Run run;
  private final Section section;
  private final byte[] rows = new byte[RunLayout.FULL_PAGE_BYTES];
  private final byte[] before;
  private int page = -1;
  private int row;
  private int count;

  RunCursor(Run run, Section section) {
    this.run = run;
    this.section = section;
    this.before = new byte[section.rowBytes()];
  }

  /** Goes to the next row, if there is one. */
  @Override
  public boolean next() throws IOException {
    row++;
    while (row >= count) {
      if (page + 1 >= section.pages()) {
        return false;
      }
      nextPage();
    }
    return true;
  }

  /** The page the row is on, valid until the next step. */
  byte[] rows() {
    return rows;
  }

  /** Where on the page the row is. */
  int at() {
    return row * section.rowBytes();
  }

  /** The number of the row in its section. */
  long row() {
    return (long) page * section.rowsPerPage() + row;
  }

  Run run() {
    return run;
  }

  private void nextPage() throws IOException {
    boolean compare = count > 0;
    if (compare) {
      int last = (count - 1) * section.rowBytes();
      System.arraycopy(rows, last, before, 0, before.length);
    }
    page++;
    row = 0;
    count = 0;
    try {
      run.open(section, page, rows);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      page--;
      throw e;
    }
    if (compare && section.kind() != Section.Kind.DETAILS) {
      int order = Arrays.compareUnsigned(before, 0, before.length, rows, 0, before.length);
      if (order > 0 || (order == 0 && section.kind() != Section.Kind.NAMES)) {
        throw run.damaged(section, row(), Run.outOfOrder());
      }
    }
    count = section.rowsOn(page);
  }
}
