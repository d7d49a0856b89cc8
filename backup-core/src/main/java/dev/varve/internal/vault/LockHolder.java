package dev.varve.internal.vault;

import dev.varve.SourceIdentity;
import dev.varve.internal.log.LockNote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A run as its locks show it. Immutable.
 *
 * @param note what its newest lock says
 * @param since when its first lock was stored, by the store's clock
 * @param lastSign when it gave the last sign of life, by the store's clock
 * @param over whether any of its locks says that it is over
 * @param keys its locks
 */
public record LockHolder(
    LockNote note, Instant since, Instant lastSign, boolean over, List<String> keys) {

  /** After how long without a sign of life a run counts as dead, by the store's clock. */
  public static final Duration STALE_AFTER = Duration.ofMinutes(30);

  public LockHolder {
    keys = List.copyOf(keys);
  }

  /**
   * Whether it counts as dead. A sign from as far ahead was given before the store's clock was set
   * back.
   */
  public boolean isStale(Instant now) {
    return isStale(lastSign, now);
  }

  static boolean isStale(Instant sign, Instant now) {
    return Duration.between(sign, now).abs().compareTo(STALE_AFTER) > 0;
  }

  /** Whether it is on one of these sources. */
  boolean isOnAny(List<SourceIdentity> sources) {
    return note.sources().stream().anyMatch(sources::contains);
  }
}
