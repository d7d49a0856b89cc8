package dev.varve.internal.archive;

import dev.varve.source.SourceLostException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Backups that read a source together: where each stands, and who is not waited for any more.
 * Everything is asked and said while its lock is held, which {@link Waiting#await} lets go of. Does
 * not know what they read.
 */
final class Companions {

  private static final long LOOK_MILLIS = 500;

  /** Where a backup stands with respect to the entry shown last. */
  enum Place {
    WORKING,
    WANTING,
    READING,
    ARRIVED,
    GONE
  }

  /** What they read, as far as it matters for who waits for whom. */
  interface Common {
    /** Whether the source itself is what they wait for. */
    boolean isAtWork();

    /** Whether one that reads has taken all there is by now. */
    boolean hasTakenAll(int number);
  }

  private final Common common;
  private final Duration patience;
  private final IntConsumer onGivingUp;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Place[] places;
  private final long[] activeAtNanos;
  private final boolean[] givenUp;

  /**
   * So many backups, all of them working.
   *
   * @param patience how long one waits for another that takes nothing
   * @param onGivingUp hears who was given up
   */
  Companions(int count, Common common, Duration patience, IntConsumer onGivingUp) {
    this.common = common;
    this.patience = patience;
    this.onGivingUp = onGivingUp;
    places = new Place[count];
    activeAtNanos = new long[count];
    givenUp = new boolean[count];
    Arrays.fill(places, Place.WORKING);
    Arrays.fill(activeAtNanos, System.nanoTime());
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  int count() {
    return places.length;
  }

  Place place(int number) {
    return places[number];
  }

  boolean any(Place place) {
    return Arrays.asList(places).contains(place);
  }

  /** Whether all who are still there are at this place. */
  boolean all(Place place) {
    return all(place, place);
  }

  /** Whether all who are still there are at one of two places. */
  boolean all(Place one, Place other) {
    return Arrays.stream(places).allMatch(p -> p == Place.GONE || p == one || p == other);
  }

  void move(int number, Place place) {
    places[number] = place;
    tookSomething(number);
    wake();
  }

  void moveAll(Place from, Place to) {
    for (int i = 0; i < places.length; i++) {
      if (places[i] == from) {
        move(i, to);
      }
    }
  }

  /** One shows that it is alive. */
  void tookSomething(int number) {
    activeAtNanos[number] = System.nanoTime();
  }

  /** Lets all who wait look again. */
  void wake() {
    moved.signalAll();
  }

  void requirePresent(int number) throws IOException {
    if (places[number] == Place.GONE) {
      throw new SourceLostException(
          givenUp[number]
              ? "given up: it took nothing for " + patience + " while the others waited for it"
              : "it left the others");
    }
  }

  /** Waits, as one who has left, until all who are still there are at this place. */
  void awaitAll(Place place) {
    try {
      while (!all(place)) {
        moved.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One begins to wait for others. */
  Waiting waiting(int number) {
    return new Waiting(number);
  }

  /** One backup that waits for others, and for how long. */
  final class Waiting {
    private final int number;
    private final long sinceNanos = System.nanoTime();

    private Waiting(int number) {
      this.number = number;
    }

    /**
     * Waits until something may have changed.
     *
     * @throws SourceLostException if this one was given up
     */
    @SuppressWarnings("WaitNotInLoop") // Whoever calls this does so in a loop.
    void await() throws IOException {
      try {
        boolean unused = moved.await(LOOK_MILLIS, TimeUnit.MILLISECONDS); // Looked at again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while waiting for other backups", e);
      }
      requirePresent(number);
      if (!common.isAtWork()) {
        giveUpOthers();
      }
    }

    /** Readers wait for who has not taken all of a piece, everybody else for all who read. */
    private boolean waitsFor(int other) {
      return switch (places[other]) {
        case WORKING -> true;
        case READING -> places[number] != Place.READING || !common.hasTakenAll(other);
        case WANTING, ARRIVED, GONE -> false;
      };
    }

    private void giveUpOthers() {
      long now = System.nanoTime();
      long sinceThen = Math.max(now - sinceNanos, 0);
      for (int i = 0; i < places.length; i++) {
        long idle = Math.min(sinceThen, now - activeAtNanos[i]);
        if (i != number && waitsFor(i) && idle > patience.toNanos()) {
          places[i] = Place.GONE;
          givenUp[i] = true;
          onGivingUp.accept(i);
          wake();
        }
      }
    }
  }
}
