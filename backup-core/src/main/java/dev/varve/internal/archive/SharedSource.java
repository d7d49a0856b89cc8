package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.internal.archive.Companions.Place;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private final Source source;
  private final SourceIdentity identity;
  private final SnapshotId id = SnapshotId.random();
  private final SharedContext context;
  private final Companions companions;

  private long round;
  private boolean busy;
  private SharedOutcome<?> last = new SharedOutcome<>(Optional.of(this), Optional.empty());
  private Optional<SourceRun> run = Optional.empty();
  private Optional<EntryCursor> cursor = Optional.empty();
  private Optional<SourceRun.Origin> origin = Optional.empty();
  private SharedContent reading;
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
    this.context = new SharedContext(backups);
    Companions.Common common =
        new Companions.Common() {
          @Override
          public boolean isAtWork() {
            return busy || reading.isFilling();
          }

          @Override
          public boolean hasTakenAll(int number) {
            return reading.hasTakenAll(number);
          }
        };
    this.companions =
        new Companions(
            backups,
            common,
            patience,
            number -> {
              LOG.warn(
                  "One of several backups of {} is given up: the others waited too long", identity);
              context.leave(number);
              onGivingUp.accept(number);
            });
    this.reading = new SharedContent(companions);
  }

  /** The source as one of the backups reads it, which are numbered from 0. */
  public Source branch(int number) {
    return new SharedBranch(this, number);
  }

  /** A backup came to its end, however it did; nobody waits for it any more. */
  public void leave(int number) {
    List<Closeable> unused;
    companions.lock();
    try {
      companions.move(number, Place.GONE);
      context.leave(number);
      unused = unused();
    } finally {
      companions.unlock();
    }
    close(unused);
  }

  /** Whether all have left, so that nothing of it is read any more. */
  public boolean isOver() {
    companions.lock();
    try {
      return companions.all(Place.GONE);
    } finally {
      companions.unlock();
    }
  }

  /** Waits until all have left. An interrupt ends the waiting and is still to be seen then. */
  public void awaitOver() {
    companions.lock();
    try {
      companions.awaitAll(Place.GONE);
    } finally {
      companions.unlock();
    }
  }

  SourceIdentity identity() {
    return identity;
  }

  /** What its snapshot is called in all repositories. */
  SnapshotId id() {
    return id;
  }

  void begin(int number, SourceContext own) throws IOException {
    context.join(number, own);
    together(
        number,
        () -> {
          SourceRun begun = source.begin(context);
          run = Optional.of(begun);
          return begun;
        });
  }

  void openCursor(int number) throws IOException {
    together(
        number,
        () -> {
          EntryCursor opened = run.orElseThrow().entries();
          cursor = Optional.of(opened);
          return opened;
        });
  }

  Optional<Entry> next(int number) throws IOException {
    return together(number, () -> cursor.orElseThrow().next());
  }

  /** Opens a content for all who want it, once everybody has said so or gone on. */
  SharedContent open(int number, Entry entry) throws IOException {
    SharedContent mine;
    companions.lock();
    try {
      companions.requirePresent(number);
      companions.move(number, Place.WANTING);
      Companions.Waiting waiting = companions.waiting(number);
      while (companions.place(number) == Place.WANTING
          && (busy || !companions.all(Place.ARRIVED, Place.WANTING))) {
        waiting.await();
      }
      if (companions.place(number) == Place.READING) {
        return reading;
      }
      companions.requirePresent(number);
      if (companions.place(number) != Place.WANTING) {
        throw notOpened.orElseGet(() -> new IOException("The content was not opened"));
      }
      busy = true;
      mine = new SharedContent(companions);
    } finally {
      companions.unlock();
    }
    SharedOutcome<Content> opened = SharedOutcome.of(() -> run.orElseThrow().open(entry));
    done(
        () -> {
          mine.opened(opened.result());
          notOpened = opened.failure();
          reading.replaced();
          reading = mine;
          companions.moveAll(
              Place.WANTING, opened.failure().isPresent() ? Place.WORKING : Place.READING);
        });
    opened.get();
    return mine;
  }

  /** One has read enough of a content. */
  void close(int number, SharedContent content) throws IOException {
    List<Closeable> unused;
    companions.lock();
    try {
      if (!content.isReadBy(number)) {
        return;
      }
      companions.move(number, Place.WORKING);
      unused = unused();
    } finally {
      companions.unlock();
    }
    for (Closeable one : unused) {
      one.close();
    }
  }

  void finish(int number) throws IOException {
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
  }

  Optional<SourceRun.Origin> origin() {
    return origin;
  }

  void end(int number) throws IOException {
    together(
        number,
        () -> {
          SourceRun ending = run.orElseThrow();
          run = Optional.empty();
          ending.close();
          return ending;
        });
  }

  /** Does {@code work} once, when all have come to it; its outcome is everybody's. */
  @SuppressWarnings("unchecked") // All do the same work in one round.
  private <T> T together(int number, SharedOutcome.Work<T> work) throws IOException {
    companions.lock();
    try {
      companions.requirePresent(number);
      companions.move(number, Place.ARRIVED);
      long mine = round;
      Companions.Waiting waiting = companions.waiting(number);
      while (round == mine && (busy || !companions.all(Place.ARRIVED))) {
        waiting.await();
      }
      if (round != mine) {
        return (T) last.get();
      }
      busy = true;
    } finally {
      companions.unlock();
    }
    SharedOutcome<T> outcome = SharedOutcome.of(work);
    done(
        () -> {
          last = outcome;
          round++;
          companions.moveAll(Place.ARRIVED, Place.WORKING);
        });
    return outcome.get();
  }

  /** What was done once for all is done: says so, and closes what nobody needs any more. */
  private void done(Runnable saying) {
    List<Closeable> unused;
    companions.lock();
    try {
      busy = false;
      saying.run();
      unused = unused();
      companions.wake();
    } finally {
      companions.unlock();
    }
    close(unused);
  }

  /** What is open and nobody needs any more; who works with it closes it then. */
  private List<Closeable> unused() {
    List<Closeable> unused = new ArrayList<>();
    if (!companions.any(Place.READING)) {
      reading.release().ifPresent(unused::add);
    }
    if (companions.all(Place.GONE) && !busy) {
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
}
