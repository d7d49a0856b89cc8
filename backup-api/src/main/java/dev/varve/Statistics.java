package dev.varve;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backup did.
 *
 * @param files entries with content
 * @param directories entries that hold others
 * @param others links, pipes, sockets and devices
 * @param contentBytes the sum of all sizes in the snapshot
 * @param readBytes how much content was read
 * @param addedBytes how much of that was new to the repository, before compression
 * @param storedBytes how much was written to the store, catalogs and index included
 * @param chunks how many chunks the content read was cut into
 * @param addedChunks how many of them were new
 * @param duration how long it took
 * @param counts what the source itself counted, by name
 */
public record Statistics(
    Tally files,
    Tally directories,
    Tally others,
    long contentBytes,
    long readBytes,
    long addedBytes,
    long storedBytes,
    long chunks,
    long addedChunks,
    Duration duration,
    Map<String, Long> counts) {

  /** Nothing at all. */
  public static final Statistics NONE =
      new Statistics(Tally.NONE, Tally.NONE, Tally.NONE, 0, 0, 0, 0, 0, 0, Duration.ZERO, Map.of());

  /** Copies the counts. */
  public Statistics {
    counts = Map.copyOf(counts);
  }

  /** The sum of both; the duration is the longer of the two. */
  public Statistics plus(Statistics other) {
    Map<String, Long> sums = new TreeMap<>(counts);
    other.counts.forEach((name, n) -> sums.merge(name, n, Long::sum));
    return new Statistics(
        files.plus(other.files),
        directories.plus(other.directories),
        others.plus(other.others),
        contentBytes + other.contentBytes,
        readBytes + other.readBytes,
        addedBytes + other.addedBytes,
        storedBytes + other.storedBytes,
        chunks + other.chunks,
        addedChunks + other.addedChunks,
        duration.compareTo(other.duration) >= 0 ? duration : other.duration,
        sums);
  }
}
