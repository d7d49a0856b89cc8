package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the statements of a definition end, as one of its step's facts: the driver cannot tell it
 * of every routine, and nothing here must guess. Stateless.
 */
final class Statements {

  private static final String FACT = "ends";

  private Statements() {}

  /** Notes the ends of all but the last, in characters. */
  static void note(List<String> statements, Map<String, String> facts) {
    StringBuilder ends = new StringBuilder();
    int end = 0;
    for (int i = 0; i + 1 < statements.size(); i++) {
      end += statements.get(i).length();
      ends.append(ends.isEmpty() ? "" : " ").append(end);
    }
    if (!ends.isEmpty()) {
      facts.put(FACT, ends.toString());
    }
  }

  static List<String> of(Step step, String sql) {
    List<String> statements = new ArrayList<>();
    int start = 0;
    String ends = step.facts().getOrDefault(FACT, "");
    for (String end : ends.isEmpty() ? new String[0] : ends.split(" ", -1)) {
      int next = Integer.parseInt(end);
      statements.add(sql.substring(start, next));
      start = next;
    }
    statements.add(sql.substring(start));
    return statements;
  }
}
