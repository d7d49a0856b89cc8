package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes a catalog from ascending entries. Used by one thread; its memory does not grow with the
 * catalog. Does not read or compare: {@link PreviousEntries} does.
 *
 * <p>Entries are cut into chunks as {@link PathCuts} says, chunks are listed by fences as {@link
 * FenceWriter} says, and so on until one chunk is left, which the {@link CatalogRoot} names: at
 * depth 0 it holds the entries themselves, at depth n fences of level n.
 */
public final class CatalogWriter {

  private final ChunkSink sink;
  private final PathCuts cuts;
  private final EntryEncoder chunk = new EntryEncoder();
  private final FenceWriter fences;
  private Optional<EntryPath> last = Optional.empty();
  private EntryPath first = Fence.LOWEST;
  private int firstWeight;
  private long entries;
  private long bytes;

  /** Writes a catalog, cut by {@code cuts}, into {@code sink}. */
  public CatalogWriter(ChunkSink sink, PathCuts cuts) {
    this.sink = sink;
    this.cuts = cuts;
    this.fences = new FenceWriter(sink, 1);
  }

  /**
   * Adds the next entry.
   *
   * @throws IllegalArgumentException if its path does not come after the last one's, both of which
   *     are named; or if a name of its owners cannot be kept
   */
  public void add(CatalogEntry entry) throws IOException {
    EntryPath path = entry.path();
    if (last.isPresent()) {
      PathEncoder.requireAscending(last.get(), path);
    }
    byte[] pathBytes = path.bytes();
    int weight = cuts.weight(pathBytes);
    if (!chunk.isEmpty() && PathCuts.beforeEntry(weight, chunk.length())) {
      cut();
    }
    if (chunk.isEmpty()) {
      first = path;
      firstWeight = weight;
    }
    chunk.add(entry, pathBytes);
    last = Optional.of(path);
    entries++;
    bytes = plus(bytes, entry.entry().size());
  }

  /** Where the catalog is. Nothing may be added afterwards. */
  public CatalogRoot finish() throws IOException {
    if (!chunk.isEmpty()) {
      cut();
    }
    return new CatalogRoot(fences.finish(), entries, bytes);
  }

  /** The sum of two sizes; what would be over 2^63-1 stays there. */
  static long plus(long bytes, long size) {
    return bytes > Long.MAX_VALUE - size ? Long.MAX_VALUE : bytes + size;
  }

  private void cut() throws IOException {
    ChunkRef ref = sink.put(ChunkKind.CATALOG, chunk.array(), 0, chunk.length());
    fences.add(new Fence(first, ref), firstWeight);
    chunk.clear();
  }
}
