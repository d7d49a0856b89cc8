package dev.varve.internal.prune;

import dev.varve.internal.log.PackStatus;

/**
 * What of a pack snapshots need.
 *
 * @param pack what the log says of it
 * @param suspended whether a void retired it
 * @param registering whether a backup call that goes on registered it
 * @param totalBytes the chunks that the index places in it, in bytes of plaintext
 * @param neededBytes those of them that snapshots reach and that no better copy is there of
 * @param holds whether a chunk that snapshots reach is claimed to be in it and has no good copy
 */
record PackUse(
    PackStatus pack,
    boolean suspended,
    boolean registering,
    long totalBytes,
    long neededBytes,
    boolean holds) {

  /** How much of it is needed, from 0 to 1. */
  double share() {
    return totalBytes == 0 ? 0 : (double) neededBytes / totalBytes;
  }

  /** About how many stored bytes are needed. */
  long neededStoredBytes() {
    return Math.round(pack.storedBytes() * share());
  }
}
