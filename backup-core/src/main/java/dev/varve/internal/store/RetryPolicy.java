package dev.varve.internal.store;

import java.time.Duration;

/**
 * How often and how long a call is tried.
 *
 * @param attempts how many times in all, from 1
 * @param total no attempt begins later than this after the first
 * @param firstPause at most this long before the second attempt; twice that before the third, ...
 * @param longestPause ... until it is this long
 */
public record RetryPolicy(
    int attempts, Duration total, Duration firstPause, Duration longestPause) {

  /** Bridges a server's restart, not an outage that somebody must look at. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(20, Duration.ofMinutes(5), Duration.ofMillis(250), Duration.ofSeconds(30));

  /** As the default, but going on for another time. */
  public static RetryPolicy within(Duration total) {
    int attempts = (int) Math.max(DEFAULT.attempts, total.toSeconds() / 10);
    return new RetryPolicy(attempts, total, DEFAULT.firstPause, DEFAULT.longestPause);
  }

  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("At least 1 attempt, not " + attempts);
    }
  }

  /** The longest pause before attempt number {@code next}, from 2. */
  Duration longestPauseBefore(int next) {
    Duration doubled = firstPause.multipliedBy(1L << Math.min(next - 2, 30));
    return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
  }
}
