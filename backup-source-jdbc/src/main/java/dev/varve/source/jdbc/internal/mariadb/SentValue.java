package dev.varve.source.jdbc.internal.mariadb;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What the server sends of a row as one value: that of a column, or those of several, joined by
 * tabs as they are dumped because none of them needs escapes: each value that is sent apart costs
 * the server, the driver and the reader more than its bytes do. Immutable.
 *
 * @param columns the columns, in their order
 * @param escaped whether the value comes as it is dumped
 * @param large whether it may be too large for memory, and is then shown as null
 */
record SentValue(List<Column> columns, boolean escaped, boolean large) {

  private static final String NULL = "\\N";

  /** What is null is skipped by {@code CONCAT_WS}, so it is named. The separator makes it bytes. */
  private static final Collector<CharSequence, ?, String> JOINED =
      Collectors.joining(",0x5c4e),IFNULL(", "CONCAT_WS(0x09,IFNULL(", ",0x5c4e))");

  /** Copies the list. */
  SentValue {
    columns = List.copyOf(columns);
  }

  /** Divides the columns of a table, whose order stays. */
  static List<SentValue> of(Table table) {
    List<SentValue> sentValues = new ArrayList<>();
    List<Column> run = new ArrayList<>();
    for (Column column : table.columns()) {
      if (table.plain().contains(column)) {
        run.add(column);
      } else {
        addRun(sentValues, run);
        sentValues.add(new SentValue(List.of(column), false, table.large().contains(column)));
      }
    }
    addRun(sentValues, run);
    return sentValues;
  }

  private static void addRun(List<SentValue> sentValues, List<Column> run) {
    if (!run.isEmpty()) {
      sentValues.add(new SentValue(run, true, false));
      run.clear();
    }
  }

  boolean isJoined() {
    return columns.size() > 1;
  }

  /** What is selected to get it as bytes. */
  String selected() {
    if (isJoined()) {
      return columns.stream().map(Column::shown).collect(JOINED);
    }
    String one = columns.get(0).selected();
    return large ? "IF(LENGTH(" + one + ")>" + RowsReading.LARGE_BYTES + ",NULL," + one + ")" : one;
  }

  /**
   * Null is one column's; of several it would be a value too long for the server to join.
   *
   * @throws SQLException if there are several
   */
  void requireNullable() throws SQLException {
    if (isJoined()) {
      throw incomplete();
    }
  }

  /**
   * A value that the server left out would make its row another one.
   *
   * @throws SQLException if it holds another number of values than there are columns
   */
  void requireWhole(byte[] joined) throws SQLException {
    int values = 1;
    for (byte b : joined) {
      values += b == '\t' ? 1 : 0;
    }
    if (values != columns.size()) {
      throw incomplete();
    }
  }

  private SQLException incomplete() {
    return new SQLException(
        "The server does not show all values of the columns " + Column.write(columns));
  }

  /** The values of the columns, given what came. */
  List<Optional<byte[]>> values(Optional<byte[]> came) {
    if (!isJoined()) {
      return List.of(came);
    }
    List<Optional<byte[]>> values = new ArrayList<>();
    String text = new String(came.orElseThrow(), StandardCharsets.ISO_8859_1);
    for (String value : text.split("\t", -1)) {
      values.add(
          value.equals(NULL)
              ? Optional.empty()
              : Optional.of(value.getBytes(StandardCharsets.ISO_8859_1)));
    }
    return values;
  }
}
