package dev.varve.source.jdbc.internal.mariadb;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Names and text as they stand in statements. Stateless. */
final class Names {

  private Names() {}

  /** A name in back quotes. */
  static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** A table, view or routine with its schema, both in back quotes. */
  static String quote(String schema, String name) {
    return quote(schema) + "." + quote(name);
  }

  /** Text in quotes, for sessions in which a backslash escapes. */
  static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** Replaces the schemas in names that are qualified and in back quotes; not in text. */
  static String withSchemas(String statement, Map<String, String> schemas) {
    if (schemas.isEmpty()) {
      return statement;
    }
    return withNames(
        statement,
        at -> {
          boolean qualifies = at.end() < statement.length() && statement.charAt(at.end()) == '.';
          boolean qualified = at.start() > 0 && statement.charAt(at.start() - 1) == '.';
          String other = schemas.get(at.name());
          return qualifies && !qualified && other != null ? quote(other) : quote(at.name());
        });
  }

  /**
   * Puts a schema before the tables that foreign keys of a {@code CREATE TABLE} refer to, for those
   * that are named without one; {@code schemaOf} says which, empty for none.
   */
  static String withReferences(String statement, Function<String, String> schemaOf) {
    return withNames(
        statement,
        at -> {
          boolean referred = statement.startsWith(" REFERENCES ", at.start() - 12);
          boolean qualifies = at.end() < statement.length() && statement.charAt(at.end()) == '.';
          String schema = referred && !qualifies ? schemaOf.apply(at.name()) : "";
          return schema.isEmpty() ? quote(at.name()) : quote(schema, at.name());
        });
  }

  /** All names in back quotes. */
  static Set<String> mentioned(String statement) {
    Set<String> names = new LinkedHashSet<>();
    withNames(
        statement,
        at -> {
          names.add(at.name());
          return "";
        });
    return names;
  }

  /** A name in back quotes: where it stands, quotes included, and without them. */
  record Quoted(int start, int end, String name) {}

  /** Copies a statement with each name in back quotes replaced by what {@code by} gives. */
  private static String withNames(String statement, Function<Quoted, String> by) {
    StringBuilder out = new StringBuilder(statement.length() + 64);
    int i = 0;
    while (i < statement.length()) {
      char c = statement.charAt(i);
      int end;
      if (c == '`') {
        end = endOfQuoted(statement, i, '`', false);
        String name = statement.substring(i + 1, Math.max(i + 1, end - 1)).replace("``", "`");
        out.append(by.apply(new Quoted(i, end, name)));
      } else {
        end = c == '\'' || c == '"' ? endOfQuoted(statement, i, c, true) : i + 1;
        out.append(statement, i, end);
      }
      i = end;
    }
    return out.toString();
  }

  /** Where what is quoted from {@code start} ends; a doubled quote does not end it. */
  private static int endOfQuoted(String statement, int start, char quote, boolean escapes) {
    int i = start + 1;
    while (i < statement.length()) {
      char c = statement.charAt(i);
      if (escapes && c == '\\') {
        i += 2;
      } else if (c != quote) {
        i++;
      } else if (i + 1 < statement.length() && statement.charAt(i + 1) == quote) {
        i += 2;
      } else {
        return i + 1;
      }
    }
    return statement.length();
  }

  /** A definition without its first {@code DEFINER} clause: whoever runs it becomes the definer. */
  static String withoutDefiner(String statement) {
    return statement.replaceFirst(
        "\\sDEFINER=(`(?:[^`]|``)*`@`(?:[^`]|``)*`|`(?:[^`]|``)*`|\"[^\"]*\"@\"[^\"]*\")", "");
  }
}
