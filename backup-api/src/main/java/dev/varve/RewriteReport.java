package dev.varve;

import java.util.List;

/**
 * A snapshot that got a replacement.
 *
 * @param original the snapshot, which stays until it is forgotten
 * @param replacement the new one, which stands in its place in time; the original itself if there
 *     was nothing to leave out
 * @param excluded how many entries were left out because that was asked for
 * @param omitted what was left out because it is lost, path by path, at most the first 10 000
 * @param omittedCount how many of these there are
 */
public record RewriteReport(
    SnapshotId original,
    Snapshot replacement,
    long excluded,
    List<Problem> omitted,
    long omittedCount) {

  /** Names, as a tag of the replacement, the snapshot it was made of. */
  public static final String TAG = "varve.rewritten-from";

  /** Copies the list. */
  public RewriteReport {
    omitted = List.copyOf(omitted);
  }

  /** Whether there was anything to leave out. */
  public boolean changed() {
    return !replacement.id().equals(original);
  }
}
