package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import java.io.IOException;
import java.util.Optional;

/**
 * Walks the previous catalog of a source alongside its present entries. Used by one thread. Reads
 * each chunk at most once, and none that lies wholly between two paths asked for.
 *
 * <p>If a chunk cannot be read, it throws once. Asked on, it goes on behind that chunk, whose
 * entries then count as removed: they are read again, which is what heals.
 */
public final class PreviousEntries {

  private final CatalogWalk walk;
  private final long entries;
  private Optional<EntryPath> last = Optional.empty();
  private long found;

  /** Stands before the first entry of {@code previous}. */
  public PreviousEntries(CatalogReader previous) throws IOException {
    walk = previous.walk();
    entries = previous.root().entries();
  }

  /**
   * What was called {@code path} in the previous catalog.
   *
   * @throws IllegalArgumentException if the path does not come after the one asked for before
   */
  public Optional<CatalogEntry> at(EntryPath path) throws IOException {
    if (last.isPresent()) {
      PathEncoder.requireAscending(last.get(), path);
    }
    last = Optional.of(path);
    walk.skipTo(path);
    while (walk.atChunk() && walk.path().compareTo(path) <= 0) {
      walk.open();
    }
    if (!walk.atEntry() || !walk.path().equals(path)) {
      return Optional.empty();
    }
    found++;
    return Optional.of(walk.entry());
  }

  /** How many entries of the previous catalog were not asked for: once all were, those removed. */
  public long removed() {
    return entries - found;
  }
}
