package dev.varve.examples.cli.show;

import java.util.ArrayList;
import java.util.List;

/** Lines whose columns stand below each other, two blanks between. Used by one thread. */
public final class Table {

  private final List<String[]> rows = new ArrayList<>();
  private final String[] headings;

  /** A table with these headings; one that begins with {@code >} makes its column flush right. */
  public Table(String... headings) {
    this.headings = headings;
  }

  /** Adds a row with one cell a column. */
  public void add(String... cells) {
    if (cells.length != headings.length) {
      throw new IllegalArgumentException(
          "A row has " + headings.length + " cells, not " + cells.length);
    }
    rows.add(cells.clone());
  }

  /** The headings, then the rows. */
  public List<String> lines() {
    String[] first = headings.clone();
    int[] widths = new int[first.length];
    for (int i = 0; i < first.length; i++) {
      first[i] = isRight(i) ? first[i].substring(1) : first[i];
      widths[i] = first[i].length();
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>(rows.size() + 1);
    lines.add(line(first, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private String line(String[] cells, int[] widths) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String blanks = " ".repeat(widths[i] - cells[i].length());
      out.append(isRight(i) ? blanks + cells[i] : cells[i] + blanks).append("  ");
    }
    return out.toString().stripTrailing();
  }

  private boolean isRight(int column) {
    return headings[column].startsWith(">");
  }
}
