package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table that holds rows itself.
 *
 * @param table its name
 * @param name its name as SQL has it
 * @param id the table
 * @param columns the columns that are stored and not computed, in parentheses; empty if there are
 *     none
 * @param condition {@code WHERE …} for which rows; empty for all
 * @param pages how many pages it has
 */
record RowSource(
    TableName table, String name, ObjectId id, String columns, String condition, long pages) {

  static RowSource of(
      TableName table,
      String name,
      ObjectId id,
      List<TableText.Column> columns,
      String condition,
      long pages) {
    String stored =
        columns.stream()
            .filter(column -> column.generated().isEmpty())
            .map(TableText.Column::name)
            .collect(Collectors.joining(", "));
    return new RowSource(table, name, id, stored, condition, pages);
  }
}
