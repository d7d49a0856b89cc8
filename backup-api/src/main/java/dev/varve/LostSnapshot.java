package dev.varve;

import java.time.Instant;
import java.util.Optional;

/**
 * A list of entries that is stored and that no record of the log speaks of: that of a snapshot
 * whose record is lost, or of a backup that never came to its end. What it was of, when it was made
 * and whether it was forgotten since, nobody knows any more.
 *
 * @param root by what it is found again: 64 hexadecimal digits
 * @param entries how many entries were found of it
 * @param bytes the sum of their sizes
 * @param newest the latest time that an entry was modified at
 * @param first the first path
 * @param whole whether the list of its entries is whole; about contents that says nothing
 */
public record LostSnapshot(
    String root,
    long entries,
    long bytes,
    Optional<Instant> newest,
    EntryPath first,
    boolean whole) {

  /** The tag by which a snapshot that came back names its list. */
  public static final String TAG = "varve.lost-root";
}
