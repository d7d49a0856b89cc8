package dev.varve;

import java.util.List;

/**
 * What a check found.
 *
 * @param findings everything wrong, at most the first 10 000; empty: all that was looked at is well
 * @param findingCount how many there were
 * @param items how many stored items were looked at
 * @param bytes how many stored bytes were read
 * @param packsRead how many packs were read from beginning to end
 * @param packsLeft how many of those asked for were not, because the budget did not last
 * @param unreferenced what rests in the store beside what the repository needs
 * @param recorded how many damaged places, or places found to be well again, were recorded
 */
public record CheckReport(
    List<Finding> findings,
    long findingCount,
    long items,
    long bytes,
    long packsRead,
    long packsLeft,
    Unreferenced unreferenced,
    long recorded) {

  /** Copies the list. */
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is wrong with what was looked at. */
  public boolean clean() {
    return findingCount == 0;
  }

  /**
   * One thing wrong.
   *
   * @param item the stored item's key, e.g. {@code packs/5f/5f0c…}
   * @param message what is wrong with it and what to do next
   * @param affected which snapshots and paths need it, at most the first 10 000
   * @param affectedCount how many there are
   */
  public record Finding(String item, String message, List<Affected> affected, long affectedCount) {

    /** Copies the list. */
    public Finding {
      affected = List.copyOf(affected);
    }
  }

  /**
   * What rests in the store and is no part of the repository: of backups that run, or did not
   * finish, or condemned and not deleted yet. No damage; a prune sees to it.
   *
   * @param packs how many packs
   * @param packBytes their length
   * @param runs how many runs of the index
   * @param runBytes their length
   */
  public record Unreferenced(long packs, long packBytes, long runs, long runBytes) {}

  /** An entry of a snapshot that a finding touches. */
  public record Affected(SnapshotId snapshot, EntryPath path) {}
}
