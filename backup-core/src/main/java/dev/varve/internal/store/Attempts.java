package dev.varve.internal.store;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of one call, and the pauses between them: exponential, each a random part of the
 * longest allowed, so that many clients do not come back together. Used by one thread.
 */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /** An item that ends early at a second look is damaged, not late. */
  private static final int LOOKS_AT_A_SHORT_ITEM = 2;

  private final String what;
  private final RetryPolicy policy;
  private final Pause pause;
  private final long begin;
  private int made;

  Attempts(String what, RetryPolicy policy, Pause pause) {
    this.what = what;
    this.policy = policy;
    this.pause = pause;
    this.begin = pause.nanoTime();
  }

  /**
   * An attempt failed: returns when the next is due.
   *
   * @throws IOException if there is to be none
   */
  void failed(IOException failure) throws IOException {
    made++;
    if (isFinal(failure)) {
      throw failure;
    }
    Duration elapsed = Duration.ofNanos(pause.nanoTime() - begin);
    Duration wait = pauseAfter(failure);
    if (made >= policy.attempts() || elapsed.plus(wait).compareTo(policy.total()) > 0) {
      throw gaveUp(failure, elapsed);
    }
    LOG.debug("{} failed, next attempt in {}", what, wait, failure);
    pause.pause(wait);
  }

  private boolean isFinal(IOException failure) {
    return isRefusal(failure) || (failure instanceof EOFException && made >= LOOKS_AT_A_SHORT_ITEM);
  }

  /** Whether trying again what failed like this is of no use. */
  static boolean isRefusal(IOException failure) {
    return failure instanceof NoSuchFileException
        || failure instanceof FileAlreadyExistsException
        || failure instanceof AccessDeniedException
        || failure instanceof RefusedException
        || failure instanceof ClosedChannelException;
  }

  private Duration pauseAfter(IOException failure) {
    long longest = policy.longestPauseBefore(made + 1).toNanos();
    Duration jitter = Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest + 1));
    return failure instanceof ThrottledException throttled
        ? throttled.pause().plus(jitter)
        : jitter;
  }

  private IOException gaveUp(IOException failure, Duration elapsed) {
    if (made == 1) {
      return failure;
    }
    // A store that says what it was about to do says the same as we.
    String front = "Cannot " + what + ": ";
    String why = String.valueOf(failure.getMessage());
    why = why.startsWith(front) ? why.substring(front.length()) : why;
    return new IOException(
        String.format(
            "Cannot %s, tried %d times in %d s: %s", what, made, elapsed.toSeconds(), why),
        failure);
  }
}
