package dev.varve.internal.restore;

import dev.varve.EntryPath;
import dev.varve.internal.catalog.CatalogCursor;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds entries of a catalog, cheaply if asked for in ascending order: then it goes on from where
 * it stands. Safe for use by many threads, who take turns.
 */
final class EntryFinder {

  private final CatalogReader catalog;
  private Optional<CatalogCursor> cursor = Optional.empty();
  private Optional<EntryPath> behind = Optional.empty();

  EntryFinder(CatalogReader catalog) {
    this.catalog = catalog;
  }

  synchronized Optional<CatalogEntry> find(EntryPath path) throws IOException {
    CatalogCursor from;
    if (cursor.isPresent() && behind.map(last -> last.compareTo(path) < 0).orElse(false)) {
      from = cursor.get();
      cursor = Optional.empty();
      from.skipTo(path);
    } else {
      from = catalog.cursorFrom(path);
    }
    Optional<CatalogEntry> next = from.next();
    // A cursor that failed is not used again.
    cursor = Optional.of(from);
    behind = next.map(CatalogEntry::path);
    return next.filter(entry -> entry.path().equals(path));
  }
}
