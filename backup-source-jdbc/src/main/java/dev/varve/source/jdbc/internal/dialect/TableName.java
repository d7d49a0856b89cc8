package dev.varve.source.jdbc.internal.dialect;

/**
 * A table's name as the database has it, unquoted.
 *
 * @param schema the schema; empty where a database has none
 * @param table the table
 */
public record TableName(String schema, String table) {

  @Override
  public String toString() {
    return schema.isEmpty() ? table : schema + "." + table;
  }
}
