package dev.varve;

import java.util.List;
import java.util.Map;

/**
 * What a restore did.
 *
 * @param entries how many entries the target took
 * @param bytes how much content was delivered
 * @param problems every entry that could not be restored as it should, at most the first 10 000
 * @param problemCount how many there were
 * @param holes the exact map of content that could not be read, at most the first 10 000
 * @param holeCount how many there were
 * @param counts what the target itself counted, by name
 */
public record RestoreReport(
    long entries,
    long bytes,
    List<Problem> problems,
    long problemCount,
    List<Hole> holes,
    long holeCount,
    Map<String, Long> counts) {

  /** Copies the lists and the map. */
  public RestoreReport {
    problems = List.copyOf(problems);
    holes = List.copyOf(holes);
    counts = Map.copyOf(counts);
  }

  /** Whether everything asked for was restored as it should. */
  public boolean complete() {
    return problemCount == 0 && holeCount == 0;
  }
}
