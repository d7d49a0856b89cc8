package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that several backups read together, each as a source of its own: it is read once, and
 * everybody sees the same. Safe for use by many threads. For one run.
 *
 * <p>They go from entry to entry in step: the source's cursor moves when all have come to the next
 * entry, and a content is read once all have said whether they want it, piece by piece, by those
 * who do. So the slowest sets the pace, and nothing is kept but one piece. Whoever leaves is not
 * waited for any more. One that takes nothing while another has waited for it too long is given up.
 */
public final class SharedSource {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");
  private static final int PIECE_BYTES = 512 << 10;
  private static final long LOOK_MILLIS = 500;

  /** Where a backup stands with respect to the entry shown last. */
  private enum Place {
    WORKING,
    WANTING,
    READING,
    ARRIVED,
    GONE
  }

  /** What was done once for all. */
  private record Outcome<T>(Optional<T> result, Optional<IOException> failure) {

    T get() throws IOException {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return result.orElseThrow();
    }
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  /** A content being read by those who want it. */
  private static final class Reading {
    private final int[] taken;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int length;
    private Optional<Content> content = Optional.empty();
    private Optional<IOException> failure = Optional.empty();
    private Optional<Entry> finished = Optional.empty();
    private boolean filling;

    private Reading(int backups) {
      taken = new int[backups];
    }
  }

  private final Source source;
  private final SourceIdentity identity;
  private final SnapshotId id = SnapshotId.random();
  private final Duration patience;
  private final IntConsumer onGivingUp;
  private final SharedContext context;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Place[] places;
  private final long[] activeAtNanos;
  private final boolean[] givenUp;
  private long round;
  private boolean busy;
  private Outcome<?> last = new Outcome<>(Optional.of(this), Optional.empty());
  private Optional<SourceRun> run = Optional.empty();
  private Optional<EntryCursor> cursor = Optional.empty();
  private Optional<SourceRun.Origin> origin = Optional.empty();
  private Reading reading;
  private Optional<IOException> notOpened = Optional.empty();

  /**
   * Shares {@code source} among {@code backups}.
   *
   * @param patience how long one waits for another that takes nothing
   * @param onGivingUp hears who was given up
   */
  public SharedSource(Source source, int backups, Duration patience, IntConsumer onGivingUp) {
    this.source = source;
    this.identity = source.identity();
    this.patience = patience;
    this.onGivingUp = onGivingUp;
    this.context = new SharedContext(backups);
    this.places = new Place[backups];
    this.activeAtNanos = new long[backups];
    this.givenUp = new boolean[backups];
    this.reading = new Reading(backups);
    Arrays.fill(places, Place.WORKING);
    Arrays.fill(activeAtNanos, System.nanoTime());
  }

  /** The source as one of the backups reads it, which are numbered from 0. */
  public Source branch(int number) {
    return new Part(number);
  }

  /** A backup came to its end, however it did; nobody waits for it any more. */
  public void leave(int number) {
    List<Closeable> unused;
    lock.lock();
    try {
      places[number] = Place.GONE;
      context.leave(number);
      unused = unused();
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    close(unused);
  }

  /** What is open and nobody needs any more; who works with it closes it then. */
  private List<Closeable> unused() {
    List<Closeable> unused = new ArrayList<>();
    if (!any(Place.READING)) {
      reading.content.ifPresent(unused::add);
      reading.content = Optional.empty();
    }
    if (all(Place.GONE, Place.GONE) && !busy) {
      cursor.ifPresent(unused::add);
      run.ifPresent(unused::add);
      cursor = Optional.empty();
      run = Optional.empty();
    }
    return unused;
  }

  private static void close(List<Closeable> unused) {
    for (Closeable one : unused) {
      try {
        one.close();
      } catch (IOException e) {
        // All who could have been told have left.
        LOG.debug("Closing a source that nobody reads any more failed", e);
      }
    }
  }

  /** Does {@code work} once, when all have come to it; its outcome is everybody's. */
  @SuppressWarnings("unchecked") // All do the same work in one round.
  private <T> T together(int number, Work<T> work) throws IOException {
    lock.lock();
    try {
      requirePresent(number);
      move(number, Place.ARRIVED);
      long mine = round;
      Waiting waiting = new Waiting(number);
      while (round == mine && (busy || !all(Place.ARRIVED, Place.ARRIVED))) {
        waiting.await();
      }
      if (round != mine) {
        return (T) last.get();
      }
      busy = true;
    } finally {
      lock.unlock();
    }
    Outcome<T> outcome = attempt(work);
    List<Closeable> unused;
    lock.lock();
    try {
      busy = false;
      last = outcome;
      round++;
      moveAll(Place.ARRIVED, Place.WORKING);
      unused = unused();
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    close(unused);
    return outcome.get();
  }

  /** Opens a content for all who want it, once everybody has said so or gone on. */
  private Reading join(int number, Entry entry) throws IOException {
    Reading mine;
    lock.lock();
    try {
      requirePresent(number);
      move(number, Place.WANTING);
      Waiting waiting = new Waiting(number);
      while (places[number] == Place.WANTING && (busy || !all(Place.ARRIVED, Place.WANTING))) {
        waiting.await();
      }
      if (places[number] == Place.READING) {
        return reading;
      }
      requirePresent(number);
      if (places[number] != Place.WANTING) {
        throw notOpened.orElseGet(() -> new IOException("The content was not opened"));
      }
      busy = true;
      mine = new Reading(places.length);
    } finally {
      lock.unlock();
    }
    Outcome<Content> opened = attempt(() -> run.orElseThrow().open(entry));
    List<Closeable> unused;
    lock.lock();
    try {
      busy = false;
      mine.content = opened.result();
      notOpened = opened.failure();
      reading = mine;
      moveAll(Place.WANTING, opened.failure().isPresent() ? Place.WORKING : Place.READING);
      unused = unused();
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    close(unused);
    opened.get();
    return mine;
  }

  private int read(int number, Reading mine, ByteBuffer into) throws IOException {
    lock.lock();
    try {
      Waiting waiting = new Waiting(number);
      while (true) {
        requireReading(number, mine);
        if (mine.taken[number] < mine.length) {
          return take(number, mine, into);
        }
        if (mine.failure.isPresent()) {
          throw mine.failure.get();
        }
        if (mine.finished.isPresent()) {
          return -1;
        }
        if (!mine.filling && allTook(mine)) {
          fill(mine);
        } else {
          waiting.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private int take(int number, Reading mine, ByteBuffer into) {
    int count = Math.min(mine.length - mine.taken[number], into.remaining());
    into.put(mine.piece, mine.taken[number], count);
    mine.taken[number] += count;
    activeAtNanos[number] = System.nanoTime();
    if (mine.taken[number] == mine.length) {
      moved.signalAll();
    }
    return count;
  }

  /**
   * Reads the next piece, without the lock; so whoever closes need not wait. Nobody takes of it
   * meanwhile: all have taken as much as it was long before.
   */
  private void fill(Reading mine) {
    Content content = mine.content.orElseThrow();
    mine.filling = true;
    lock.unlock();
    Outcome<Integer> count;
    Optional<Entry> finished = Optional.empty();
    Optional<IOException> failure;
    try {
      count = attempt(() -> content.read(ByteBuffer.wrap(mine.piece)));
      failure = count.failure();
      if (failure.isEmpty() && count.result().orElseThrow() < 0) {
        Outcome<Entry> end = attempt(content::finished);
        finished = end.result();
        failure = end.failure();
      }
    } finally {
      lock.lock();
    }
    mine.filling = false;
    mine.length = Math.max(0, count.result().orElse(0));
    mine.failure = failure;
    mine.finished = finished;
    Arrays.fill(mine.taken, 0);
    moved.signalAll();
  }

  private boolean allTook(Reading mine) {
    for (int i = 0; i < places.length; i++) {
      if (places[i] == Place.READING && mine.taken[i] < mine.length) {
        return false;
      }
    }
    return true;
  }

  private void endReading(int number, Reading mine) throws IOException {
    List<Closeable> unused;
    lock.lock();
    try {
      if (mine != reading || places[number] != Place.READING) {
        return;
      }
      move(number, Place.WORKING);
      unused = unused();
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    for (Closeable one : unused) {
      one.close();
    }
  }

  private static <T> Outcome<T> attempt(Work<T> work) {
    try {
      return new Outcome<>(Optional.of(work.run()), Optional.empty());
    } catch (IOException e) {
      return new Outcome<>(Optional.empty(), Optional.of(e));
    } catch (RuntimeException | Error e) {
      // Thrown to one, it would leave the others waiting.
      return new Outcome<>(
          Optional.empty(), Optional.of(new SourceLostException("A fault of the source: " + e, e)));
    }
  }

  private boolean any(Place place) {
    return Arrays.asList(places).contains(place);
  }

  /** Whether all who are still there are at one of two places. */
  private boolean all(Place one, Place other) {
    return Arrays.stream(places).allMatch(p -> p == Place.GONE || p == one || p == other);
  }

  private void move(int number, Place place) {
    places[number] = place;
    activeAtNanos[number] = System.nanoTime();
    moved.signalAll();
  }

  private void moveAll(Place from, Place to) {
    for (int i = 0; i < places.length; i++) {
      if (places[i] == from) {
        move(i, to);
      }
    }
  }

  private void requirePresent(int number) throws IOException {
    if (places[number] == Place.GONE) {
      throw new SourceLostException(
          givenUp[number]
              ? "given up: it took nothing for " + patience + " while the others waited for it"
              : "it left the others");
    }
  }

  private void requireReading(int number, Reading mine) throws IOException {
    requirePresent(number);
    if (mine != reading || places[number] != Place.READING) {
      throw new IOException("The content was closed while it was read");
    }
  }

  /** One backup that waits for others, and for how long. */
  private final class Waiting {
    private final int number;
    private final long sinceNanos = System.nanoTime();

    Waiting(int number) {
      this.number = number;
    }

    @SuppressWarnings("WaitNotInLoop") // Whoever calls this does so in a loop.
    void await() throws IOException {
      try {
        boolean unused = moved.await(LOOK_MILLIS, TimeUnit.MILLISECONDS); // Looked at again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while waiting for other backups", e);
      }
      requirePresent(number);
      if (!busy && !reading.filling) {
        giveUpOthers();
      }
    }

    /** Readers wait for who has not taken all of a piece, everybody else for all who read. */
    private boolean isWaitedFor(int reader) {
      return places[number] != Place.READING || reading.taken[reader] < reading.length;
    }

    private void giveUpOthers() {
      long now = System.nanoTime();
      for (int i = 0; i < places.length; i++) {
        boolean waitedFor =
            places[i] == Place.WORKING || (places[i] == Place.READING && isWaitedFor(i));
        long since = Math.max(now - sinceNanos, 0);
        long idle = Math.min(since, now - activeAtNanos[i]);
        if (i != number && waitedFor && idle > patience.toNanos()) {
          LOG.warn(
              "One of several backups of {} is given up: the others waited too long", identity);
          places[i] = Place.GONE;
          givenUp[i] = true;
          context.leave(i);
          onGivingUp.accept(i);
          moved.signalAll();
        }
      }
    }
  }

  /** The source as one backup sees it. */
  private final class Part implements Branch {
    private final int number;

    Part(int number) {
      this.number = number;
    }

    @Override
    public SourceIdentity identity() {
      return identity;
    }

    @Override
    public SnapshotId snapshotId() {
      return id;
    }

    @Override
    public SourceRun begin(SourceContext own) throws IOException {
      context.join(number, own);
      together(
          number,
          () -> {
            SourceRun begun = source.begin(context);
            run = Optional.of(begun);
            return begun;
          });
      return new PartRun(number);
    }
  }

  /** The run as one backup sees it. */
  private final class PartRun implements SourceRun {
    private final int number;
    private boolean finished;

    PartRun(int number) {
      this.number = number;
    }

    @Override
    public EntryCursor entries() throws IOException {
      together(
          number,
          () -> {
            EntryCursor opened = run.orElseThrow().entries();
            cursor = Optional.of(opened);
            return opened;
          });
      return () -> together(number, () -> cursor.orElseThrow().next());
    }

    @Override
    public Content open(Entry entry) throws IOException {
      Reading mine = join(number, entry);
      return new Content() {
        @Override
        public int read(ByteBuffer into) throws IOException {
          return SharedSource.this.read(number, mine, into);
        }

        @Override
        public Entry finished() throws IOException {
          return mine.finished.orElseThrow(() -> new IOException("Not read to its end"));
        }

        @Override
        public void close() throws IOException {
          endReading(number, mine);
        }
      };
    }

    @Override
    public int parallelReads() {
      return 1;
    }

    @Override
    public void finish() throws IOException {
      together(
          number,
          () -> {
            if (cursor.isPresent()) {
              cursor.get().close();
              cursor = Optional.empty();
            }
            SourceRun ending = run.orElseThrow();
            ending.finish();
            origin = ending.origin();
            return ending;
          });
      finished = true;
    }

    @Override
    public Optional<Origin> origin() {
      return origin;
    }

    /** After everything was read all end it together, since a failure then concerns all. */
    @Override
    public void close() throws IOException {
      if (finished) {
        together(
            number,
            () -> {
              SourceRun ending = run.orElseThrow();
              run = Optional.empty();
              ending.close();
              return ending;
            });
      }
      leave(number);
    }
  }
}
