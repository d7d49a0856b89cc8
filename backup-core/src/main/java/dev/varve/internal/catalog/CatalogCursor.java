package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.FormatException;
import dev.varve.source.EntryCursor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Shows the entries of a catalog, strictly ascending by path. Used by one thread. */
public final class CatalogCursor {

  private final CatalogWalk walk;
  private final Optional<EntryPath> below;
  private boolean ended;

  CatalogCursor(CatalogWalk walk, Optional<EntryPath> below) throws IOException {
    this.walk = walk;
    this.below = below;
    if (below.isPresent()) {
      walk.skipTo(withoutSlash(below.get()));
    }
  }

  /** The next entry; empty at the end, and from then on. */
  public Optional<CatalogEntry> next() throws IOException {
    if (ended || !reachEntry()) {
      ended = true;
      return Optional.empty();
    }
    CatalogEntry entry = walk.entry();
    walk.pass();
    return Optional.of(entry);
  }

  /**
   * Goes on behind the chunk that {@link #next()} could not read; what it held is lost.
   *
   * @return where the next entry is at the earliest; empty if the catalog ends there
   */
  public Optional<EntryPath> passDamage() throws IOException {
    while (true) {
      Optional<EntryPath> following = walk.following();
      try {
        walk.pass();
        return following;
      } catch (FormatException e) {
        if (following.isEmpty()) {
          ended = true;
          return following;
        }
      }
    }
  }

  /** The path of the entry or chunk it stands before, or of the one that could not be read. */
  public EntryPath at() {
    return walk.path();
  }

  /** Passes over all entries before {@code path}, without reading the chunks between. */
  public void skipTo(EntryPath path) throws IOException {
    if (!ended) {
      walk.skipTo(path);
    }
  }

  /** The same cursor for who wants the entries without their content. */
  public EntryCursor entries() {
    return () -> next().map(CatalogEntry::entry);
  }

  /** Whether there is a next entry, which is then stood before. */
  private boolean reachEntry() throws IOException {
    openChunks();
    if (below.isEmpty() || walk.atEnd() || walk.path().isAtOrBelow(below.get())) {
      return !walk.atEnd();
    }
    // "a" and "a/b" belong together, but "a-b" and all below it come between.
    EntryPath top = below.get();
    if (top.length() == EntryPath.MAX_BYTES) {
      return false;
    }
    walk.skipTo(top.asDirectory());
    openChunks();
    return !walk.atEnd() && walk.path().isAtOrBelow(top);
  }

  private void openChunks() throws IOException {
    while (walk.atChunk()) {
      walk.open();
    }
  }

  private static EntryPath withoutSlash(EntryPath path) {
    if (!path.endsWithSlash() || path.length() == 1) {
      return path;
    }
    byte[] bytes = path.bytes();
    return EntryPath.ofBytes(Arrays.copyOf(bytes, bytes.length - 1));
  }
}
