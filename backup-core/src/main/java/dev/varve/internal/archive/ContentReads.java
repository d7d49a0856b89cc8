package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reason;
import dev.varve.internal.task.Reporter;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the contents of one source read by threads of the engine, small ones many at a time: handing
 * over one costs as much as reading a few kilobytes. Used by one thread.
 */
final class ContentReads {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  /** How many small contents are handed over together at most. */
  private static final int BATCH_ENTRIES = 32;

  /** How much they hold together at most, as far as their sizes are known, in bytes. */
  private static final long BATCH_BYTES = 512 << 10;

  /** How many entries pass at most before contents are handed over that wait for more. */
  private static final int BATCH_PATIENCE = 64;

  private final SourceRun run;
  private final Readers readers;
  private final RunContext context;
  private final Reporter reporter;
  private final Cancellation verb;
  private final Tallies tallies;
  private final Consumer<CatalogEntry> finished;
  private final Cancellation ending = new Cancellation();
  private final boolean alone;
  private final Semaphore openContents;
  private List<Waiting> batch = new ArrayList<>();
  private long expectedBytes;
  private long batchBytes;
  private int batchAge;

  private record Waiting(Entry entry, CompletableFuture<Optional<CatalogEntry>> result) {}

  /**
   * Reads contents of {@code run}; {@code finished} hears of each entry before its result shows.
   */
  ContentReads(
      SourceRun run,
      Readers readers,
      RunContext context,
      Reporter reporter,
      Cancellation verb,
      Tallies tallies,
      Consumer<CatalogEntry> finished) {
    this.run = run;
    this.readers = readers;
    this.context = context;
    this.reporter = reporter;
    this.verb = verb;
    this.tallies = tallies;
    this.finished = finished;
    this.alone = run.parallelReads() <= 1;
    this.openContents = new Semaphore(Math.max(1, run.parallelReads()));
  }

  /** Whether contents are read one at a time, each before the cursor moves on. */
  boolean alone() {
    return alone;
  }

  /** What there is to read so far, by the sizes that the source shows. */
  long expectedBytes() {
    return expectedBytes;
  }

  /** Has a content read soon: at the latest when enough other entries have passed. */
  Result read(Entry entry) {
    expectedBytes += entry.size();
    if (alone || entry.size() >= BATCH_BYTES) {
      return readNow(entry);
    }
    Waiting waiting = new Waiting(entry, new CompletableFuture<>());
    batch.add(waiting);
    batchBytes += entry.size();
    if (batch.size() >= BATCH_ENTRIES || batchBytes >= BATCH_BYTES) {
      handOver();
    }
    return Result.of(waiting.result());
  }

  /** Has a content read at once. */
  Result readNow(Entry entry) {
    Waiting only = new Waiting(entry, new CompletableFuture<>());
    submit(List.of(only));
    if (alone) {
      openContents.acquireUninterruptibly();
      openContents.release();
    }
    return Result.of(only.result());
  }

  /** An entry passed. */
  void passed() {
    if (!batch.isEmpty() && ++batchAge >= BATCH_PATIENCE) {
      handOver();
    }
  }

  /** Hands over all that still waits for more. */
  void handOver() {
    if (!batch.isEmpty()) {
      submit(batch);
      batch = new ArrayList<>();
      batchBytes = 0;
      batchAge = 0;
    }
  }

  /** Lets everything come to its end soon; results are of no interest any more. */
  void end() {
    ending.cancel();
    CancellationException ended = new CancellationException("The reading ended before this");
    batch.forEach(waiting -> waiting.result().completeExceptionally(ended));
    batch.clear();
  }

  private void submit(List<Waiting> contents) {
    openContents.acquireUninterruptibly();
    readers.submit(
        cutter -> {
          try {
            contents.forEach(waiting -> complete(waiting, cutter));
          } finally {
            openContents.release();
          }
        },
        failure -> contents.forEach(waiting -> waiting.result().completeExceptionally(failure)));
  }

  private void complete(Waiting waiting, ContentCutter cutter) {
    try {
      waiting.result().complete(read(waiting.entry(), cutter));
    } catch (IOException | RuntimeException e) {
      waiting.result().completeExceptionally(e);
    }
  }

  private Optional<CatalogEntry> read(Entry entry, ContentCutter cutter) throws IOException {
    checkGoingOn();
    try (Content content = run.open(entry)) {
      Reading reading = new Reading(entry, content);
      Cancellation.Registration stop = ending.onCancel(reading);
      try {
        CatalogEntry result = read(entry, reading, cutter);
        finished.accept(result);
        return Optional.of(result);
      } finally {
        stop.close();
      }
    } catch (SourceLostException e) {
      throw new SourceFailure(e);
    } catch (NoSuchFileException e) {
      return leftOut(entry, "Left out: it vanished before it was read");
    } catch (IOException e) {
      return leftOut(entry, "Left out: it cannot be read: " + Reason.alone(e));
    }
  }

  private CatalogEntry read(Entry entry, Reading reading, ContentCutter cutter) throws IOException {
    ContentCutter.Cut cut = cutter.cut(entry, reading.content, reading);
    Entry finished = reading.content.finished();
    boolean asLong = finished.size() == cut.length();
    Entry now = asLong ? finished : finished.toBuilder().size(cut.length()).build();
    return new CatalogEntry(now, cut.list(), context.warnedAbout(now.path()));
  }

  /** A content being read: counts what was, and is closed when nobody wants the rest. */
  private final class Reading implements LongConsumer, Runnable {

    private final Content content;
    private final Optional<EntryPath> path;

    Reading(Entry entry, Content content) {
      this.content = content;
      this.path = Optional.of(entry.path());
    }

    @Override
    public void accept(long count) {
      checkGoingOn();
      tallies.read(count);
      reporter.done(0, count, path);
    }

    @Override
    public void run() {
      closeQuietly(content);
    }
  }

  private Optional<CatalogEntry> leftOut(Entry entry, String why) {
    checkGoingOn();
    context.problem(new Problem(Optional.of(entry.path()), why));
    return Optional.empty();
  }

  private void checkGoingOn() {
    verb.check();
    ending.check();
  }

  private static void closeQuietly(Content content) {
    try {
      content.close();
    } catch (IOException e) {
      // The thread that reads it is told by its own call, which fails now.
      LOG.debug("Closing a content to cancel it failed", e);
    }
  }
}
