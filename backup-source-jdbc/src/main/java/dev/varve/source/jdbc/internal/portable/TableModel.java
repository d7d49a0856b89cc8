package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table by what JDBC tells of any database's. Immutable. As JSON: {@code {"columns":[{"name":…,
 * "type":…,"nullable":false,"identity":true,"default":…}],"primaryKey":[…],"indexes":[{"name":…,
 * "unique":true,"columns":[…],"descending":[…]}],"foreignKeys":[{"name":…,"columns":[…],
 * "schema":…,"table":…,"referenced":[…],"onDelete":…,"onUpdate":…}]}}, where what is empty or false
 * is left out.
 *
 * @param columns the columns, in their order
 * @param primaryKey the primary key's columns, in its order; empty: there is none
 * @param indexes indexes and unique constraints, without the primary key's
 * @param foreignKeys what it refers to
 */
record TableModel(
    List<Column> columns,
    List<String> primaryKey,
    List<Index> indexes,
    List<ForeignKey> foreignKeys) {

  /** A column; a default is a constant as SQL writes it. */
  record Column(
      String name,
      ColumnType type,
      boolean nullable,
      boolean identity,
      Optional<String> defaultValue) {}

  /** An index; those of its columns that descend are named twice. */
  record Index(String name, boolean unique, List<String> columns, List<String> descending) {}

  /** A foreign key; the rules are {@code CASCADE}, {@code SET NULL} and the like, or empty. */
  record ForeignKey(
      String name,
      List<String> columns,
      TableName table,
      List<String> referenced,
      String onDelete,
      String onUpdate) {}

  TableModel {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /** What is needed before there are rows. */
  TableModel definition() {
    return new TableModel(columns, primaryKey, List.of(), foreignKeys);
  }

  /** What is made once there are rows. */
  TableModel keys() {
    return new TableModel(List.of(), List.of(), indexes, List.of());
  }

  /** What is made once there are all tables. */
  TableModel references() {
    return new TableModel(List.of(), List.of(), List.of(), foreignKeys);
  }

  boolean isKey(String column) {
    return primaryKey.contains(column)
        || indexes.stream().anyMatch(index -> index.columns().contains(column))
        || foreignKeys.stream().anyMatch(key -> key.columns().contains(column));
  }

  String toJson() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    List<Object> list = new ArrayList<>();
    for (Column column : columns) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", column.name());
      one.put("type", column.type().toString());
      one.put("nullable", column.nullable());
      one.put("identity", column.identity());
      column.defaultValue().ifPresent(value -> one.put("default", value));
      list.add(one);
    }
    json.put("columns", list);
    json.put("primaryKey", primaryKey);
    list = new ArrayList<>();
    for (Index index : indexes) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", index.name());
      one.put("unique", index.unique());
      one.put("columns", index.columns());
      one.put("descending", index.descending());
      list.add(one);
    }
    json.put("indexes", list);
    list = new ArrayList<>();
    for (ForeignKey key : foreignKeys) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", key.name());
      one.put("columns", key.columns());
      one.put("schema", key.table().schema());
      one.put("table", key.table().table());
      one.put("referenced", key.referenced());
      one.put("onDelete", key.onDelete());
      one.put("onUpdate", key.onUpdate());
      list.add(one);
    }
    json.put("foreignKeys", list);
    return JsonTree.print(json);
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @throws IOException if it is none
   */
  static TableModel parse(String text) throws IOException {
    JsonTree json = JsonTree.parse(text);
    List<Column> columns = new ArrayList<>();
    for (JsonTree column : json.list("columns")) {
      columns.add(
          new Column(
              column.text("name"),
              ColumnType.parse(column.text("type")),
              column.flag("nullable"),
              column.flag("identity"),
              column.find("default")));
    }
    List<Index> indexes = new ArrayList<>();
    for (JsonTree index : json.list("indexes")) {
      indexes.add(
          new Index(
              index.text("name"),
              index.flag("unique"),
              index.texts("columns"),
              index.texts("descending")));
    }
    List<ForeignKey> keys = new ArrayList<>();
    for (JsonTree key : json.list("foreignKeys")) {
      keys.add(
          new ForeignKey(
              key.find("name").orElse(""),
              key.texts("columns"),
              new TableName(key.find("schema").orElse(""), key.text("table")),
              key.texts("referenced"),
              key.find("onDelete").orElse(""),
              key.find("onUpdate").orElse("")));
    }
    return new TableModel(columns, json.texts("primaryKey"), indexes, keys);
  }
}
