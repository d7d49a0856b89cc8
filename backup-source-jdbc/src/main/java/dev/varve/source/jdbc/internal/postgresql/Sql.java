package dev.varve.source.jdbc.internal.postgresql;

/** Pieces of SQL. Stateless. */
final class Sql {

  private Sql() {}

  /** A string constant, for sessions with {@code standard_conforming_strings}. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A name in quotes. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
