package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.util.Optional;

/**
 * Shows every chunk a catalog needs: its own, lists, and contents, each before what is found
 * through it. Used by one thread; its memory does not grow with the catalog. A chunk that is needed
 * more than once is shown as often: who reads catalogs of writers that may be malicious skips lists
 * met before, because a few lists that hold each other many times make contents without end.
 *
 * <p>Chunks of catalog and lists are read when {@link #next()} is called after they were shown. If
 * that fails, {@code next()} throws, once, and goes on behind that chunk when it is called again:
 * what was shown last is then what could not be read.
 */
public final class ReachableChunks {

  private final ChunkSource source;
  private final CatalogWalk walk;
  private Optional<ContentWalk> content = Optional.empty();
  private Optional<ContentWalk.Item> list = Optional.empty();
  private boolean shown;
  private boolean topmost = true;

  /** Shows what {@code catalog} needs. */
  public ReachableChunks(CatalogReader catalog) throws IOException {
    this.source = catalog.source();
    this.walk = catalog.walk();
  }

  /** The next chunk; empty at the end, and from then on. */
  public Optional<ReachableChunk> next() throws IOException {
    while (true) {
      Optional<ReachableChunk> chunk = content.isPresent() ? nextOf(content.get()) : step();
      if (chunk.isPresent() || (content.isEmpty() && walk.atEnd())) {
        return chunk;
      }
    }
  }

  /**
   * Does not go into the chunk shown last, a list or a chunk of the catalog, nor read it: what it
   * holds is known already.
   */
  public void skip() throws IOException {
    list = Optional.empty();
    if (shown) {
      shown = false;
      walk.pass();
    }
  }

  /**
   * The first path behind the chunk of the catalog that was shown last or failed, if there is one.
   */
  public Optional<EntryPath> end() {
    return walk.following();
  }

  private Optional<ReachableChunk> nextOf(ContentWalk chunks) throws IOException {
    if (list.isPresent()) {
      ContentWalk.Item open = list.get();
      list = Optional.empty();
      chunks.open(open);
    }
    Optional<ContentWalk.Item> item = chunks.next();
    if (item.isEmpty()) {
      content = Optional.empty();
      walk.pass();
      return Optional.empty();
    }
    list = item.filter(i -> i.kind() == ChunkKind.LIST);
    return item.map(i -> new ReachableChunk(i.kind(), i.ref(), Optional.of(walk.path())));
  }

  private Optional<ReachableChunk> step() throws IOException {
    if (walk.atEntry()) {
      content = Optional.of(new ContentWalk(source, walk.entry().content()));
      return Optional.empty();
    }
    if (shown) {
      shown = false;
      walk.open();
      return Optional.empty();
    }
    if (!walk.atChunk()) {
      if (!walk.atEnd()) {
        walk.pass();
      }
      return Optional.empty();
    }
    shown = true;
    ChunkRef ref = walk.chunk().ref();
    Optional<EntryPath> path = topmost ? Optional.empty() : Optional.of(walk.chunk().first());
    topmost = false;
    return Optional.of(new ReachableChunk(ChunkKind.CATALOG, ref, path));
  }
}
