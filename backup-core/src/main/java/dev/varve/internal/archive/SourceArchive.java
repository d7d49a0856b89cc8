package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogWriter;
import dev.varve.internal.catalog.PreviousEntries;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
  private Optional<SourceRun.Origin> origin = Optional.empty();

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
    ContentReads reads =
        new ContentReads(run, readers, context, reporter, cancellation, tallies, window::finished);
    Cancellation.Registration stop = cancellation.onCancel(reads::end);
    try {
      EntryCursor cursor = SourceFailure.of(() -> entries(run, reads));
      try {
        follow(reads, cursor);
      } finally {
        cursor.close();
      }
      reads.handOver();
      reporter.totals(tallies.entries() + window.size(), reads.expectedBytes());
      window.drain();
      SourceFailure.of(
          () -> {
            run.finish();
            origin = run.origin();
            return run;
          });
    } catch (SinkFailure e) {
      throw e.failure();
    } finally {
      stop.close();
      reads.end();
      window.settle();
      SourceFailure.of(
          () -> {
            run.close();
            return run;
          });
    }
    return catalog.finish();
  }

  /** What the entries were before, as the source said at its end. */
  Optional<SourceRun.Origin> origin() {
    return origin;
  }

  private EntryCursor entries(SourceRun run, ContentReads reads) throws IOException {
    EntryCursor cursor = run.entries();
    return reads.alone() ? cursor : new WalkAhead(cursor, readers.threads());
  }

  private void follow(ContentReads reads, EntryCursor cursor) throws IOException {
    Optional<EntryPath> last = Optional.empty();
    SourceFailure.Call<Optional<Entry>> advance = cursor::next;
    while (true) {
      Optional<Entry> next = SourceFailure.of(advance);
      if (next.isEmpty()) {
        return;
      }
      cancellation.check();
      progressing.between();
      Entry entry = next.get();
      requireAscending(last, entry.path());
      last = Optional.of(entry.path());
      accept(reads, entry);
      reads.passed();
    }
  }

  private void accept(ContentReads reads, Entry entry) throws IOException {
    Optional<CatalogEntry> before = previously(entry.path());
    if (!entry.kind().hasContent()) {
      CatalogEntry now =
          new CatalogEntry(entry, ChunkList.EMPTY, context.warnedAbout(entry.path()));
      window.add(now, changeOf(before, now));
      return;
    }
    Optional<CatalogEntry> taken =
        before.isPresent() ? takeOver.find(entry, before.get()) : Optional.empty();
    if (taken.isPresent()) {
      hardLinks.remember(entry, Result.of(CompletableFuture.completedFuture(taken)));
      window.add(taken.get(), changeOf(before, taken.get()));
      return;
    }
    Tallies.Change change = before.isPresent() ? Tallies.Change.CHANGED : Tallies.Change.ADDED;
    Optional<Result> first = hardLinks.find(entry);
    if (first.isPresent() && reads.alone()) {
      Optional<CatalogEntry> same = LinkedResult.ifSame(first.get(), entry);
      if (same.isPresent()) {
        window.add(same.get(), change);
        return;
      }
    } else if (first.isPresent()) {
      Supplier<Result> again = () -> reads.readNow(entry);
      window.add(new LinkedResult(first.get(), entry, again, window::finished), change);
      return;
    }
    Result result = reads.read(entry);
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
}
