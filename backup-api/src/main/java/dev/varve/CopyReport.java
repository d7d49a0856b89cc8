package dev.varve;

import java.util.List;
import java.util.Optional;

/**
 * What a copy did.
 *
 * @param copied what was copied, oldest first
 * @param present what was there already, copied before
 * @param notCopied what could not be copied, and why
 * @param problems every entry that was left out, and every snapshot, at most the first 10 000
 * @param problemCount how many there were
 * @param statistics what was read and stored for this copy, all snapshots together
 */
public record CopyReport(
    List<Copied> copied,
    List<Snapshot> present,
    List<NotCopied> notCopied,
    List<Problem> problems,
    long problemCount,
    Statistics statistics) {

  /** Copies the lists. */
  public CopyReport {
    copied = List.copyOf(copied);
    present = List.copyOf(present);
    notCopied = List.copyOf(notCopied);
    problems = List.copyOf(problems);
  }

  /**
   * A snapshot and its copy.
   *
   * @param original as it is in the repository it was copied from
   * @param copy as it is in the other; none after a dry run
   */
  public record Copied(Snapshot original, Optional<Snapshot> copy) {}

  /**
   * A snapshot that was not copied.
   *
   * @param id its name
   * @param original as it is; nothing if it is gone
   * @param reason what is lost or damaged
   */
  public record NotCopied(SnapshotId id, Optional<Snapshot> original, String reason) {

    /** A snapshot that is not, or not any more, in the repository. */
    public static NotCopied gone(SnapshotId id) {
      return new NotCopied(id, Optional.empty(), "it is not, or not any more, in the repository");
    }
  }

  /** Whether all that was asked for is there now. */
  public boolean complete() {
    return notCopied.isEmpty() && problemCount == 0;
  }
}
