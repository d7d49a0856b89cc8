package dev.varve.source.jdbc.internal.mariadb;

import java.util.List;
import java.util.Optional;

/**
 * One row of an answer that is small. Immutable.
 *
 * @param values as text; empty for null
 */
record Row(List<Optional<String>> values) {

  Row {
    values = List.copyOf(values);
  }

  /** The value of a column, counted from 1; empty if it is null or there is no such column. */
  Optional<String> find(int column) {
    return column <= values.size() ? values.get(column - 1) : Optional.empty();
  }

  /** The value of a column, counted from 1; null as the empty text. */
  String text(int column) {
    return find(column).orElse("");
  }

  long number(int column) {
    return Long.parseLong(find(column).orElse("0"));
  }
}
