package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.TableName;
import java.util.List;

/**
 * A table that holds rows itself.
 *
 * @param table its name
 * @param name its name as SQL has it
 * @param id the table
 * @param columns the columns that are stored and not computed, as SQL has them
 * @param condition {@code WHERE …} for which rows; empty for all
 * @param size how large it is
 */
record RowSource(
    TableName table, String name, ObjectId id, List<String> columns, String condition, Size size) {

  /**
   * How large a table is.
   *
   * @param pages how many pages it has
   * @param outsideBytes how many bytes of its values lie outside of them
   */
  record Size(long pages, long outsideBytes) {}

  /** Copies the list. */
  RowSource {
    columns = List.copyOf(columns);
  }

  static RowSource of(
      TableName table,
      String name,
      ObjectId id,
      List<TableText.Column> columns,
      String condition,
      Size size) {
    List<String> stored =
        columns.stream()
            .filter(column -> column.generated().isEmpty())
            .map(TableText.Column::name)
            .toList();
    return new RowSource(table, name, id, stored, condition, size);
  }

  /** Its columns, a comma between; empty if there are none. */
  String listed() {
    return String.join(", ", columns);
  }

  /** The same with only those rows. */
  RowSource where(String other) {
    return new RowSource(table, name, id, columns, other, size);
  }

  /** What {@code COPY} reads. */
  String copied() {
    if (condition.isEmpty()) {
      return columns.isEmpty() ? name : name + " (" + listed() + ")";
    }
    return "(SELECT " + listed() + " FROM ONLY " + name + condition + ")";
  }
}
