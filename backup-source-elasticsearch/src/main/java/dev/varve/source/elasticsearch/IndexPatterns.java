package dev.varve.source.elasticsearch;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which names of indices are meant: those that match any of the first patterns, or all where there
 * are none, and none of the others. In a pattern {@code *} stands for any characters. Immutable.
 */
record IndexPatterns(List<String> include, List<String> exclude) {

  static final IndexPatterns ALL = new IndexPatterns(List.of(), List.of());

  IndexPatterns {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /** Whether {@code name} is meant. */
  boolean admit(String name) {
    return (include.isEmpty() || include.stream().anyMatch(pattern -> matches(pattern, name)))
        && exclude.stream().noneMatch(pattern -> matches(pattern, name));
  }

  /** The names that were included one by one, without a star. */
  List<String> named() {
    return include.stream().filter(pattern -> pattern.indexOf('*') < 0).toList();
  }

  private static boolean matches(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("\\*", -1)) {
      regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
  }
}
