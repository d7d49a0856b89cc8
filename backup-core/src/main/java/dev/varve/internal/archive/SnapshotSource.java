package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.SourceIdentity;
import dev.varve.internal.catalog.CatalogCursor;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.vault.Vault;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A snapshot of another repository as a source: its entries as they are, revisions included. For
 * one run at a time. Its cursor is used by one thread, contents by many.
 */
final class SnapshotSource implements Source {

  /** More than the engine lets wait; what is forgotten is looked for in the catalog. */
  private static final int REMEMBERED = 16_384;

  private final Vault from;
  private final SnapshotRecord snapshot;
  private final boolean leavingOut;
  private final Map<EntryPath, CatalogEntry> shown =
      new LinkedHashMap<>(64) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EntryPath, CatalogEntry> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Reads {@code snapshot} in {@code from}; damaged contents are left out, or end the reading. */
  SnapshotSource(Vault from, SnapshotRecord snapshot, boolean leavingOut) {
    this.from = from;
    this.snapshot = snapshot;
    this.leavingOut = leavingOut;
  }

  @Override
  public SourceIdentity identity() {
    return snapshot.source();
  }

  /** An entry that the cursor showed, with its content. */
  CatalogEntry entry(EntryPath path) throws IOException {
    synchronized (shown) {
      CatalogEntry entry = shown.get(path);
      if (entry != null) {
        return entry;
      }
    }
    return from.catalog(snapshot.catalog())
        .find(path)
        .orElseThrow(() -> new DamagedSnapshotException("its catalog has lost " + path));
  }

  /** The content of this entry will not be read. */
  void pass(EntryPath path) {
    synchronized (shown) {
      shown.remove(path);
    }
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    CatalogCursor cursor;
    try {
      cursor = from.catalog(snapshot.catalog()).cursor();
    } catch (ChunkMissingException | FormatException e) {
      throw new DamagedSnapshotException("its catalog cannot be read: " + e.getMessage(), e);
    }
    return new SourceRun() {
      @Override
      public EntryCursor entries() {
        return () -> next(cursor, context);
      }

      @Override
      public Content open(Entry entry) throws IOException {
        ChunkList content = entry(entry.path()).content();
        pass(entry.path());
        return new CopiedContent(entry, content);
      }

      @Override
      public void close() {}
    };
  }

  private Optional<Entry> next(CatalogCursor cursor, SourceContext context) throws IOException {
    Optional<CatalogEntry> next;
    try {
      next = cursor.next();
    } catch (ChunkMissingException | FormatException e) {
      throw new DamagedSnapshotException("its catalog cannot be read: " + e.getMessage(), e);
    }
    if (next.isEmpty()) {
      return Optional.empty();
    }
    CatalogEntry entry = next.get();
    if (entry.problem() && context instanceof RunContext run) {
      run.flag(entry.path());
    }
    if (entry.entry().kind().hasContent()) {
      synchronized (shown) {
        shown.put(entry.path(), entry);
      }
    }
    return Optional.of(entry.entry());
  }

  /** The content of an entry; what is damaged names the entry and the chunk. */
  private final class CopiedContent implements Content {

    private final Entry entry;
    private final ContentCursor chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private long length;
    private volatile boolean closed;

    CopiedContent(Entry entry, ChunkList content) {
      this.entry = entry;
      this.chunks = new ContentCursor(from.chunks(), content);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      try {
        while (!chunk.hasRemaining()) {
          if (closed) {
            throw new IOException(entry.path() + " was closed while it was read");
          }
          Optional<ChunkRef> next = chunks.next();
          if (next.isEmpty()) {
            return end();
          }
          chunk = ByteBuffer.wrap(from.chunks().get(ChunkKind.DATA, next.get()));
        }
      } catch (ChunkMissingException | FormatException e) {
        throw damaged(e);
      } catch (IOException e) {
        throw new SourceLostException(String.valueOf(e.getMessage()), e);
      }
      int count = Math.min(chunk.remaining(), into.remaining());
      into.put(chunk.slice().limit(count));
      chunk.position(chunk.position() + count);
      length += count;
      return count;
    }

    private int end() throws FormatException {
      if (length != entry.size()) {
        throw new FormatException(
            "its content has " + length + " bytes, its entry says " + entry.size());
      }
      return -1;
    }

    private IOException damaged(IOException e) {
      String message = entry.path() + " is damaged at " + length + ": " + e.getMessage();
      DamagedSnapshotException damaged = new DamagedSnapshotException(message, e);
      return leavingOut ? damaged : new SourceLostException(message, damaged);
    }

    @Override
    public Entry finished() {
      return entry;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
