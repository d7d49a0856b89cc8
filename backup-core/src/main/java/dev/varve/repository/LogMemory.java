package dev.varve.repository;

import java.io.IOException;
import java.util.Optional;

/**
 * Remembers how far the logs of repositories were seen, for hosts without a disk of their own: in a
 * database, say, but not in the store, which is what is distrusted. Used by one thread at a time
 * for each repository that is open; several processes may share it.
 */
public interface LogMemory {

  /**
   * How far a log was seen.
   *
   * @param slot its last slot
   * @param hash 64 hexadecimal digits that say what it was
   */
  record Position(long slot, String hash) {}

  /** What was remembered last of a repository. */
  Optional<Position> recall(String repositoryId) throws IOException;

  /** Remembers a position instead of the one before. */
  void remember(String repositoryId, Position position) throws IOException;
}
