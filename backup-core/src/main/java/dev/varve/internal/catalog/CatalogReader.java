package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.CatalogRoot;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads a catalog, all of it or a part. Safe for use by many threads; each cursor belongs to one.
 * Holds nothing: a cursor holds one chunk of each level, whatever the catalog's size.
 *
 * <p>Everything here fails with a {@code FormatException} if the catalog is not what its writer can
 * have written, and with whatever the source throws if a chunk cannot be read.
 */
public final class CatalogReader {

  private final ChunkSource source;
  private final CatalogRoot root;

  /** Reads the catalog with this root. */
  public CatalogReader(ChunkSource source, CatalogRoot root) {
    this.source = source;
    this.root = root;
  }

  /** Where the catalog is, and how much it holds. */
  public CatalogRoot root() {
    return root;
  }

  /** All entries. */
  public CatalogCursor cursor() throws IOException {
    return new CatalogCursor(walk(), Optional.empty());
  }

  /** The entries from {@code from} on. */
  public CatalogCursor cursorFrom(EntryPath from) throws IOException {
    CatalogCursor cursor = cursor();
    cursor.skipTo(from);
    return cursor;
  }

  /**
   * The entry called {@code top} and all below it, a slash at its end or not. Nothing but the way
   * there is read.
   */
  public CatalogCursor cursorBelow(EntryPath top) throws IOException {
    return new CatalogCursor(walk(), Optional.of(top));
  }

  /** The entry called exactly so. */
  public Optional<CatalogEntry> find(EntryPath path) throws IOException {
    return cursorFrom(path).next().filter(entry -> entry.path().equals(path));
  }

  ChunkSource source() {
    return source;
  }

  CatalogWalk walk() throws IOException {
    return new CatalogWalk(source, root);
  }
}
