package dev.varve.source.jdbc.internal.dialect;

import java.util.List;
import java.util.Map;

/**
 * How a dumped database is restored: the content of the entry {@code varve/plan}.
 *
 * @param dialect who wrote it and can load it
 * @param product the database's name and version as it tells them
 * @param facts what the dialect wants to know of the database as a whole, e.g. its encoding
 * @param steps all steps, ordered by phase and dependency
 * @param leftOut what the database has and this dump does not carry, one sentence each, e.g. {@code
 *     "publication orders_pub"}
 */
public record Plan(
    String dialect,
    String product,
    Map<String, String> facts,
    List<Step> steps,
    List<String> leftOut) {

  /** Copies the lists. */
  public Plan {
    facts = Map.copyOf(facts);
    steps = List.copyOf(steps);
    leftOut = List.copyOf(leftOut);
  }
}
