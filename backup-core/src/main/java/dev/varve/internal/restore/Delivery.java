package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import dev.varve.target.Receiver;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Delivers the contents of many entries: collects what is wanted up to a bound, plans in which
 * order to fetch it, and has threads fetch and deliver while the next is collected. Used by one
 * thread.
 */
final class Delivery {

  /** How many chunks are planned at once; what is needed again later is fetched again. */
  private static final int MAX_PIECES = 64 << 10;

  /** How many are planned first; then twice as many each time, so that delivering begins soon. */
  private static final int FIRST_PIECES = 4 << 10;

  /**
   * How many stretches wait for each thread at most: so many that the next can be planned
   * meanwhile, and so few that others who read from this repository get their turn.
   */
  private static final int RANGES_PER_THREAD = 32;

  private final ChunkIndex index;
  private final ChunkSource lists;
  private final Threads threads;
  private final Fetchers fetchers;
  private final Receiver receiver;
  private final Consumer<Problem> problems;
  private final Consumer<Hole> holes;
  private final List<PackRange.LocatedPiece> collected = new ArrayList<>();
  private final ArrayDeque<Future<Optional<Object>>> running = new ArrayDeque<>();
  private int pieces = FIRST_PIECES;

  Delivery(
      ChunkIndex index,
      ChunkSource lists,
      Threads threads,
      Fetchers fetchers,
      Receiver receiver,
      Consumer<Problem> problems,
      Consumer<Hole> holes) {
    this.index = index;
    this.lists = lists;
    this.threads = threads;
    this.fetchers = fetchers;
    this.receiver = receiver;
    this.problems = problems;
    this.holes = holes;
  }

  /** Delivers what is wanted of a selection; returns when all of it is delivered. */
  void run(Selection.Cursor entries, Predicate<Entry> wanted) throws IOException {
    try {
      for (Optional<CatalogEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
        CatalogEntry entry = next.get();
        if (wanted.test(entry.entry())) {
          collect(entry);
        }
      }
      start();
      awaitAtMost(0);
    } catch (IOException | RuntimeException e) {
      settle(e);
      throw e;
    }
  }

  private void collect(CatalogEntry entry) throws IOException {
    EntryDelivery delivery = new EntryDelivery(entry.entry(), receiver, problems);
    ContentCursor chunks = new ContentCursor(lists, entry.content());
    boolean more = true;
    while (more) {
      long offset = chunks.position();
      try {
        Optional<ChunkRef> next = chunks.next();
        more = next.isPresent();
        if (more) {
          delivery.announce();
          locate(new Piece(delivery, chunks.position() - next.get().length(), next.get()));
        } else {
          requireLength(entry, offset);
        }
      } catch (ChunkMissingException | FormatException e) {
        // What a list held is lost; what others hold is not, if it is known where that begins.
        long from = Math.max(offset, chunks.position());
        OptionalLong lost = more ? chunks.passDamage() : OptionalLong.empty();
        more = lost.isPresent();
        long bytes = lost.orElse(Math.max(1, entry.entry().size() - from));
        delivery.announce();
        missing(delivery, new Hole(entry.path(), from, bytes, String.valueOf(e.getMessage())));
      }
    }
    delivery.announced();
  }

  private static void requireLength(CatalogEntry entry, long bytes) throws FormatException {
    if (bytes != entry.entry().size()) {
      throw new FormatException(
          "the content has " + bytes + " bytes, its entry says " + entry.entry().size());
    }
  }

  private void missing(EntryDelivery delivery, Hole hole) throws IOException {
    holes.accept(hole);
    delivery.missing(hole);
  }

  private void locate(Piece piece) throws IOException {
    Optional<ChunkLocation> location = find(piece);
    if (location.isEmpty()) {
      submit(fetcher -> fetcher.deliverOneByOne(piece));
      return;
    }
    collected.add(new PackRange.LocatedPiece(piece, location.get()));
    if (collected.size() == pieces) {
      start();
      pieces = Math.min(MAX_PIECES, 2 * pieces);
    }
  }

  /** A damaged run may hide where the chunk is: then it is looked for by itself, or missing. */
  private Optional<ChunkLocation> find(Piece piece) throws IOException {
    try {
      return index.find(piece.ref().id());
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  private void start() throws IOException {
    for (PackRange range : PackRange.plan(collected)) {
      submit(fetcher -> fetcher.deliver(range));
    }
    collected.clear();
  }

  private void submit(Fetchers.Work work) throws IOException {
    awaitAtMost(RANGES_PER_THREAD * threads.parallelism());
    running.add(
        threads.submit(
            Lane.READ,
            () -> {
              fetchers.run(work);
              return Optional.empty();
            }));
  }

  private void awaitAtMost(int most) throws IOException {
    while (running.size() > most) {
      Threads.joinIo(running.remove());
    }
  }

  /** Waits for all that still runs after {@code failure}, whose further failures it takes along. */
  private void settle(Exception failure) {
    while (!running.isEmpty()) {
      try {
        Threads.joinIo(running.remove());
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
