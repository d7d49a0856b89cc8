package dev.varve.source.jdbc.internal.postgresql;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The roles a step speaks of, as one of its facts. Stateless. */
final class Roles {

  private static final String FACT = "roles";

  private Roles() {}

  static void needed(Definition definition, Collection<String> names) {
    TreeSet<String> all = new TreeSet<>(of(definition.facts()));
    names.stream().filter(name -> !name.isEmpty()).forEach(all::add);
    if (!all.isEmpty()) {
      definition.fact(FACT, String.join("\n", all));
    }
  }

  static List<String> of(Map<String, String> facts) {
    String names = facts.getOrDefault(FACT, "");
    return names.isEmpty() ? List.of() : Arrays.asList(names.split("\n", -1));
  }
}
