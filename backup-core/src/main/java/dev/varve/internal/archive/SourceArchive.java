package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogWriter;
import dev.varve.internal.catalog.PreviousEntries;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what one source shows into a catalog: compares with the previous one, has contents read
 * that may have changed, and writes the entries in order. Used by one thread, which moves the
 * cursor.
 */
final class SourceArchive {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  private final Source source;
  private final PreviousEntries previous;
  private final TakeOver takeOver;
  private final Readers readers;
  private final CatalogWriter catalog;
  private final RunContext context;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final Tallies tallies;
  private final Progressing progressing;
  private final HardLinks hardLinks = new HardLinks();
  private final Window window;
  private final Cancellation ending = new Cancellation();

  /** Called between entries, so that long runs leave traces. */
  @FunctionalInterface
  interface Progressing {
    void between() throws IOException;
  }

  SourceArchive(
      Source source,
      PreviousEntries previous,
      TakeOver takeOver,
      Readers readers,
      CatalogWriter catalog,
      RunContext context,
      Reporter reporter,
      Cancellation cancellation,
      Tallies tallies,
      Progressing progressing) {
    this.source = source;
    this.previous = previous;
    this.takeOver = takeOver;
    this.readers = readers;
    this.catalog = catalog;
    this.context = context;
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.tallies = tallies;
    this.progressing = progressing;
    this.window = new Window(this::write, progressing::between);
  }

  /** Reads the whole source. */
  CatalogRoot run() throws IOException {
    SourceRun run = SourceFailure.of(() -> source.begin(context));
    Cancellation.Registration all = cancellation.onCancel(ending::cancel);
    try {
      EntryCursor cursor = SourceFailure.of(run::entries);
      try {
        follow(run, cursor);
      } finally {
        cursor.close();
      }
      reporter.totals(tallies.entries() + window.size(), tallies.contentBytes());
      window.drain();
      SourceFailure.of(
          () -> {
            run.finish();
            return run;
          });
    } catch (SinkFailure e) {
      throw e.failure();
    } finally {
      all.close();
      ending.cancel();
      window.settle();
      SourceFailure.of(
          () -> {
            run.close();
            return run;
          });
    }
    return catalog.finish();
  }

  private void follow(SourceRun run, EntryCursor cursor) throws IOException {
    Semaphore openContents = new Semaphore(Math.max(1, run.parallelReads()));
    Optional<EntryPath> last = Optional.empty();
    while (true) {
      Optional<Entry> next = SourceFailure.of(cursor::next);
      if (next.isEmpty()) {
        return;
      }
      cancellation.check();
      progressing.between();
      Entry entry = next.get();
      requireAscending(last, entry.path());
      last = Optional.of(entry.path());
      accept(run, entry, openContents);
    }
  }

  private void accept(SourceRun run, Entry entry, Semaphore openContents) throws IOException {
    Optional<CatalogEntry> before = previously(entry.path());
    if (!entry.kind().hasContent()) {
      CatalogEntry now =
          new CatalogEntry(entry, ChunkList.EMPTY, context.warnedAbout(entry.path()));
      window.add(now, changeOf(before, now));
      return;
    }
    Optional<CatalogEntry> taken = before.flatMap(b -> takeOver.find(entry, b));
    if (taken.isPresent()) {
      window.add(taken.get(), changeOf(before, taken.get()));
      return;
    }
    Tallies.Change change = before.isPresent() ? Tallies.Change.CHANGED : Tallies.Change.ADDED;
    boolean alone = run.parallelReads() <= 1;
    Optional<Result> first = alone ? Optional.empty() : hardLinks.find(entry);
    if (first.isPresent()) {
      Supplier<Result> again = () -> read(run, entry, openContents);
      window.add(new LinkedResult(first.get(), entry, again, window::finished), change);
      return;
    }
    Result result = read(run, entry, openContents);
    hardLinks.remember(entry, result);
    window.add(result, change);
  }

  /** Where the previous catalog cannot be read, everything counts as new and is read. */
  private Optional<CatalogEntry> previously(EntryPath path) throws IOException {
    try {
      return previous.at(path);
    } catch (ChunkMissingException | FormatException e) {
      LOG.warn("The previous snapshot is damaged; what it held is read again: {}", e.toString());
      return Optional.empty();
    }
  }

  private Result read(SourceRun run, Entry entry, Semaphore openContents) {
    boolean alone = run.parallelReads() <= 1;
    openContents.acquireUninterruptibly();
    Result result =
        readers.submit(
            cutter -> {
              try {
                return readNow(run, entry, cutter);
              } finally {
                openContents.release();
              }
            });
    if (alone) {
      openContents.acquireUninterruptibly();
      openContents.release();
    }
    return result;
  }

  private Optional<CatalogEntry> readNow(SourceRun run, Entry entry, ContentCutter cutter)
      throws IOException {
    checkGoingOn();
    try (Content content = run.open(entry)) {
      Cancellation.Registration stop = ending.onCancel(() -> closeQuietly(content));
      try {
        CatalogEntry result = read(entry, content, cutter);
        window.finished(result);
        return Optional.of(result);
      } finally {
        stop.close();
      }
    } catch (SourceLostException e) {
      throw new SourceFailure(e);
    } catch (NoSuchFileException e) {
      checkGoingOn();
      context.problem(
          new Problem(Optional.of(entry.path()), "Left out: it vanished before it was read"));
      return Optional.empty();
    } catch (IOException e) {
      checkGoingOn();
      context.problem(new Problem(Optional.of(entry.path()), "Left out: it cannot be read: " + e));
      return Optional.empty();
    }
  }

  private CatalogEntry read(Entry entry, Content content, ContentCutter cutter) throws IOException {
    ContentCutter.Cut cut =
        cutter.cut(
            content,
            count -> {
              checkGoingOn();
              tallies.read(count);
              reporter.done(0, count, Optional.of(entry.path()));
            });
    Entry finished = content.finished().toBuilder().size(cut.length()).build();
    return new CatalogEntry(finished, cut.list(), context.warnedAbout(entry.path()));
  }

  private void checkGoingOn() {
    cancellation.check();
    ending.check();
  }

  private void write(CatalogEntry entry, Tallies.Change change) throws IOException {
    catalog.add(entry);
    tallies.entry(entry.entry(), change);
    reporter.done(1, 0, Optional.of(entry.entry().path()));
  }

  private static Tallies.Change changeOf(Optional<CatalogEntry> before, CatalogEntry now) {
    if (before.isEmpty()) {
      return Tallies.Change.ADDED;
    }
    return before.get().equals(now) ? Tallies.Change.UNCHANGED : Tallies.Change.CHANGED;
  }

  private static void requireAscending(Optional<EntryPath> last, EntryPath path)
      throws IOException {
    if (last.isPresent() && last.get().compareTo(path) >= 0) {
      throw new SourceFailure(
          new SourceLostException(
              "The source shows '"
                  + path
                  + "' after '"
                  + last.get()
                  + "', but entries must ascend; this is a fault of the source's plugin"));
    }
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
