package dev.varve;

import java.util.List;

/**
 * What a backup call did.
 *
 * @param snapshots what was committed, one per source in the order given; none after a dry run
 * @param problems every entry that could not be read as it should, at most the first 10 000
 * @param problemCount how many there were
 * @param statistics what was read and stored, all sources together
 */
public record BackupReport(
    List<Snapshot> snapshots, List<Problem> problems, long problemCount, Statistics statistics) {

  /** How many problems a report lists one by one. */
  public static final int MAX_PROBLEMS = 10_000;

  /** Copies the lists. */
  public BackupReport {
    snapshots = List.copyOf(snapshots);
    problems = List.copyOf(problems);
  }

  /**
   * The snapshot of a call with one source.
   *
   * @throws IllegalStateException if there is none or more than one
   */
  public Snapshot snapshot() {
    if (snapshots.size() != 1) {
      throw new IllegalStateException("The call made " + snapshots.size() + " snapshots, not one");
    }
    return snapshots.get(0);
  }
}
