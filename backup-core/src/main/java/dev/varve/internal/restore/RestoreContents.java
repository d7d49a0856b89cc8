package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Snapshot;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.vault.Vault;
import dev.varve.source.EntryCursor;
import dev.varve.target.MissingContentException;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** What of a snapshot is to be restored, as a target sees it. Safe for use by many threads. */
final class RestoreContents implements SnapshotContents {

  private final Vault vault;
  private final Snapshot snapshot;
  private final CatalogReader catalog;
  private final Selection selection;
  private final RestoreContext context;
  private final Fetchers fetchers;
  private final EntryFinder finder;
  private final List<IOException> failures = new CopyOnWriteArrayList<>();

  RestoreContents(
      Vault vault,
      Snapshot snapshot,
      CatalogReader catalog,
      Selection selection,
      RestoreContext context,
      Fetchers fetchers) {
    this.vault = vault;
    this.snapshot = snapshot;
    this.catalog = catalog;
    this.selection = selection;
    this.context = context;
    this.fetchers = fetchers;
    this.finder = new EntryFinder(catalog);
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Whether {@code e} is, or comes from, a failure to read the repository. */
  boolean failedWith(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (failures.contains(cause)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public EntryCursor entries() throws IOException {
    Selection.Cursor cursor = reading(() -> selection.cursor(context::lost));
    return () -> reading(cursor::next).map(CatalogEntry::entry);
  }

  @Override
  public boolean filtered() {
    return selection.filtered();
  }

  @Override
  public boolean isListComplete() {
    return !context.lostEntries();
  }

  @Override
  public Optional<Entry> find(EntryPath path) throws IOException {
    return reading(() -> catalog.find(path)).map(CatalogEntry::entry);
  }

  @Override
  public InputStream open(EntryPath path) throws IOException {
    return new Opened(reading(() -> withContent(finder.find(path), path)));
  }

  /** The content of one entry as a target reads it. Used by one thread. */
  private final class Opened extends InputStream {

    private static final int SKIPPED_AT_ONCE_BYTES = 8 << 10;

    private final CatalogEntry entry;
    private final ContentCursor chunks;
    private final ContentStream content;
    private long position;

    Opened(CatalogEntry entry) {
      this.entry = entry;
      this.chunks = new ContentCursor(vault.chunks(), entry.content());
      this.content = new ContentStream(chunks, vault.chunks());
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = advance(into, offset, length);
      context.handedOut(Math.max(0, count));
      return count;
    }

    /** Passes over what nobody wants, which is no more to be damaged than what is wanted. */
    @Override
    public long skip(long count) throws IOException {
      byte[] skipped = new byte[(int) Math.max(0, Math.min(count, SKIPPED_AT_ONCE_BYTES))];
      long left = count;
      while (left > 0) {
        int some = advance(skipped, 0, (int) Math.min(left, skipped.length));
        if (some < 0) {
          return count - left;
        }
        left -= some;
      }
      return count - left;
    }

    @Override
    public int available() {
      return content.available();
    }

    private int advance(byte[] into, int offset, int length) throws IOException {
      try {
        int count = reading(() -> content.read(into, offset, length));
        position += Math.max(0, count);
        return count;
      } catch (ChunkMissingException | FormatException e) {
        throw missing(entry, position, chunks.position(), e);
      }
    }
  }

  /** Reported here, because a target that reads by itself cannot: it sees the first hole only. */
  private MissingContentException missing(
      CatalogEntry entry, long position, long end, IOException e) {
    long length = end > position ? end - position : entry.entry().size() - position;
    Hole hole =
        new Hole(entry.path(), position, Math.max(1, length), String.valueOf(e.getMessage()));
    context.hole(hole);
    MissingContentException missing = new MissingContentException(hole);
    missing.initCause(e);
    return missing;
  }

  /** The content of an entry of a catalog. */
  public static InputStream open(Vault vault, CatalogReader catalog, EntryPath path)
      throws IOException {
    CatalogEntry entry = withContent(catalog.find(path), path);
    return new ContentStream(new ContentCursor(vault.chunks(), entry.content()), vault.chunks());
  }

  private static CatalogEntry withContent(Optional<CatalogEntry> entry, EntryPath path)
      throws IOException {
    return entry
        .filter(found -> found.entry().kind().hasContent())
        .orElseThrow(
            () ->
                new NoSuchFileException(
                    path.toString(),
                    null,
                    entry.isEmpty() ? "not in the snapshot" : "a " + entry.get().entry().kind()));
  }

  @Override
  public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    Delivery delivery =
        new Delivery(
            vault.index(),
            vault.chunks(),
            vault.threads(),
            fetchers,
            counting(receiver),
            problem -> context.warn(problem.path().orElseThrow(), problem.message()),
            context::hole);
    reading(
        () -> {
          delivery.run(
              selection.cursor(context::lost),
              entry -> wanted.test(entry) && entry.kind().hasContent());
          return delivery;
        });
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T reading(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IOException e) {
      failures.add(e);
      throw e;
    }
  }

  private Receiver counting(Receiver receiver) {
    return new Receiver() {
      @Override
      public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
        int length = piece.remaining();
        receiver.receive(entry, offset, piece);
        context.delivered(entry, length);
      }

      @Override
      public void missing(Entry entry, Hole hole) throws IOException {
        receiver.missing(entry, hole);
      }

      @Override
      public void complete(Entry entry) throws IOException {
        receiver.complete(entry);
      }
    };
  }
}
