package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.source.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * One content that is read once by all who want it, piece by piece: the next is read when all have
 * taken the last. Used under the lock of the {@link Companions}, which is let go of while a piece
 * is read.
 */
final class SharedContent {

  private static final int PIECE_BYTES = 512 << 10;

  private final Companions companions;
  private final int[] taken;
  private final byte[] piece = new byte[PIECE_BYTES];
  private int length;
  private Optional<Content> content = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private Optional<Entry> finished = Optional.empty();
  private boolean filling;
  private boolean over;

  /** Nothing to read yet. */
  SharedContent(Companions companions) {
    this.companions = companions;
    this.taken = new int[companions.count()];
  }

  void opened(Optional<Content> from) {
    content = from;
  }

  /** Another content is read now. */
  void replaced() {
    over = true;
  }

  /** Hands over what is open, for good. */
  Optional<Content> release() {
    Optional<Content> open = content;
    content = Optional.empty();
    return open;
  }

  /** Whether somebody reads the next piece of the source just now. */
  boolean isFilling() {
    return filling;
  }

  /** The entry as it was after reading, once all is read. */
  Optional<Entry> finished() {
    return finished;
  }

  boolean hasTakenAll(int number) {
    return taken[number] >= length;
  }

  boolean isReadBy(int number) {
    return !over && companions.place(number) == Companions.Place.READING;
  }

  int read(int number, ByteBuffer into) throws IOException {
    companions.lock();
    try {
      Companions.Waiting waiting = companions.waiting(number);
      while (true) {
        companions.requirePresent(number);
        if (!isReadBy(number)) {
          throw new IOException("The content was closed while it was read");
        }
        if (!hasTakenAll(number)) {
          return take(number, into);
        }
        if (failure.isPresent()) {
          throw failure.get();
        }
        if (finished.isPresent()) {
          return -1;
        }
        if (!filling && allTook()) {
          fill();
        } else {
          waiting.await();
        }
      }
    } finally {
      companions.unlock();
    }
  }

  private int take(int number, ByteBuffer into) {
    int count = Math.min(length - taken[number], into.remaining());
    into.put(piece, taken[number], count);
    taken[number] += count;
    companions.tookSomething(number);
    if (hasTakenAll(number)) {
      companions.wake();
    }
    return count;
  }

  /**
   * Reads the next piece, without the lock; so whoever closes need not wait. Nobody takes of it
   * meanwhile: all have taken as much as it was long before.
   */
  private void fill() {
    Content from = content.orElseThrow();
    filling = true;
    companions.unlock();
    SharedOutcome<Integer> count;
    Optional<Entry> end = Optional.empty();
    Optional<IOException> broken;
    try {
      count = SharedOutcome.of(() -> from.read(ByteBuffer.wrap(piece)));
      broken = count.failure();
      if (broken.isEmpty() && count.result().orElseThrow() < 0) {
        SharedOutcome<Entry> ended = SharedOutcome.of(from::finished);
        end = ended.result();
        broken = ended.failure();
      }
    } finally {
      companions.lock();
    }
    filling = false;
    length = Math.max(0, count.result().orElse(0));
    failure = broken;
    finished = end;
    Arrays.fill(taken, 0);
    companions.wake();
  }

  private boolean allTook() {
    for (int i = 0; i < taken.length; i++) {
      if (companions.place(i) == Companions.Place.READING && !hasTakenAll(i)) {
        return false;
      }
    }
    return true;
  }
}
