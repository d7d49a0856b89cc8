package dev.varve;

import java.time.Instant;
import java.util.List;

/**
 * Somebody at work in a repository, as a lock tells it. Locks are advisory: no data depends on one.
 *
 * @param id the run's name: 32 hexadecimal digits
 * @param work what is done, e.g. {@code backup}
 * @param sources on which sources, if on any
 * @param host on which machine
 * @param process the number of the process there
 * @param software what is running, e.g. {@code varve 0.1.0}
 * @param since when it began, by the store's clock
 * @param lastSign when it gave the last sign of life, by the store's clock
 * @param stale whether that is so long ago that it counts as dead
 */
public record Lock(
    String id,
    String work,
    List<SourceIdentity> sources,
    String host,
    long process,
    String software,
    Instant since,
    Instant lastSign,
    boolean stale) {

  /** Copies the list. */
  public Lock {
    sources = List.copyOf(sources);
  }
}
