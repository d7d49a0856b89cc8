package dev.varve.examples.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads settings typed as {@code name=value}, a name possibly several times. Stateless. */
final class OptionArguments {

  private OptionArguments() {}

  /** The values of each name, in the order given. */
  static Map<String, List<String>> byName(List<String> typed) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String option : typed) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new UsageException("A setting is given as name=value, not '" + option + "'");
      }
      values
          .computeIfAbsent(option.substring(0, equals), name -> new ArrayList<>())
          .add(option.substring(equals + 1));
    }
    return values;
  }
}
