package dev.varve;

import java.time.Instant;
import java.util.Map;

/**
 * A committed backup of one source.
 *
 * @param id its name
 * @param source what it is of
 * @param time when it was committed, by the store's clock; where that is not known, {@code
 *     claimedTime}
 * @param timeKnown whether {@code time} is the store's
 * @param claimedTime when the backup began, by the clock of the machine that made it; shown and
 *     used for nothing
 * @param tags what the caller attached
 * @param pinned whether no forget drops it
 * @param statistics what the backup read and stored
 * @param problems how many entries could not be read as they should
 * @param software what made it, e.g. {@code varve 0.1.0}
 */
public record Snapshot(
    SnapshotId id,
    SourceIdentity source,
    Instant time,
    boolean timeKnown,
    Instant claimedTime,
    Map<String, String> tags,
    boolean pinned,
    Statistics statistics,
    long problems,
    String software) {

  /** Copies the tags. */
  public Snapshot {
    tags = Map.copyOf(tags);
  }
}
