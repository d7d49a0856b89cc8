package dev.varve.source.jdbc.internal.portable;

/**
 * One column of a rows content.
 *
 * @param name the column's name as the database has it
 * @param type its type
 * @param large whether single values may be too large for memory, so that they are read as streams
 */
public record RowColumn(String name, ColumnType type, boolean large) {}
