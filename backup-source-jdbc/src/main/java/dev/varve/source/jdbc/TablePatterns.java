package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tables by patterns: {@code schema.table}, or {@code table} in any schema, where {@code *} is any
 * run of characters, {@code ?} one, and {@code \} makes the next character plain. What is excluded
 * is out even if it is included. Immutable.
 *
 * @param includes what to take; empty: everything
 * @param excludes what to leave out
 */
record TablePatterns(List<TablePattern> includes, List<TablePattern> excludes)
    implements Selection {

  static final TablePatterns EVERYTHING = new TablePatterns(List.of(), List.of());

  TablePatterns {
    includes = List.copyOf(includes);
    excludes = List.copyOf(excludes);
  }

  TablePatterns include(String pattern) {
    List<TablePattern> more = new ArrayList<>(includes);
    more.add(TablePattern.parse(pattern));
    return new TablePatterns(more, excludes);
  }

  TablePatterns exclude(String pattern) {
    List<TablePattern> more = new ArrayList<>(excludes);
    more.add(TablePattern.parse(pattern));
    return new TablePatterns(includes, more);
  }

  @Override
  public boolean takesSchema(String schema) {
    return (includes.isEmpty() || includes.stream().anyMatch(p -> p.schema.matches(schema)))
        && excludes.stream().noneMatch(p -> p.table.isAny() && p.schema.matches(schema));
  }

  @Override
  public boolean takes(TableName table) {
    return (includes.isEmpty() || includes.stream().anyMatch(p -> p.matches(table)))
        && excludes.stream().noneMatch(p -> p.matches(table));
  }

  @Override
  public boolean isEverything() {
    return includes.isEmpty() && excludes.isEmpty();
  }

  /** One pattern. */
  record TablePattern(NamePattern schema, NamePattern table) {

    static TablePattern parse(String pattern) {
      int dot = -1;
      for (int i = 0; i < pattern.length(); i++) {
        if (pattern.charAt(i) == '\\') {
          i++;
        } else if (pattern.charAt(i) == '.') {
          if (dot >= 0) {
            throw unusable(pattern, "has more than one dot; write \\. for one in a name");
          }
          dot = i;
        }
      }
      if ((pattern.endsWith(".") && !pattern.endsWith("\\.")) || pattern.isEmpty()) {
        throw unusable(pattern, "names no table; write schema.* for all of a schema");
      }
      return new TablePattern(
          NamePattern.parse(dot < 0 ? "*" : pattern.substring(0, dot)),
          NamePattern.parse(pattern.substring(dot + 1)));
    }

    boolean matches(TableName name) {
      return schema.matches(name.schema()) && table.matches(name.table());
    }

    private static ConfigurationException unusable(String pattern, String why) {
      return new ConfigurationException("Table pattern '" + pattern + "' " + why);
    }
  }

  /** A pattern for one name. */
  record NamePattern(String typed, Pattern pattern) {

    static NamePattern parse(String typed) {
      StringBuilder regex = new StringBuilder();
      int[] characters = typed.codePoints().toArray();
      for (int i = 0; i < characters.length; i++) {
        if (characters[i] == '*') {
          regex.append(".*");
        } else if (characters[i] == '?') {
          regex.append('.');
        } else {
          boolean escaped = characters[i] == '\\' && i + 1 < characters.length;
          regex.append(Pattern.quote(Character.toString(characters[escaped ? ++i : i])));
        }
      }
      return new NamePattern(typed, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    boolean isAny() {
      return typed.equals("*");
    }

    boolean matches(String name) {
      return pattern.matcher(name).matches();
    }
  }
}
