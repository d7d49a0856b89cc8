package dev.varve.internal.catalog;

import dev.varve.Difference;
import dev.varve.Entry;
import dev.varve.internal.format.ChunkList;
import java.util.Optional;

/**
 * An entry that differs between two catalogs; at least one side is present.
 *
 * @param before the entry in the first catalog
 * @param after the entry in the second
 */
public record EntryChange(Optional<CatalogEntry> before, Optional<CatalogEntry> after) {

  /** Whether the content differs; always, if one side is absent. */
  public boolean contentChanged() {
    return before.isEmpty() || after.isEmpty() || !content(before).equals(content(after));
  }

  /** The same for those who do not know of chunks. */
  public Difference toDifference() {
    return new Difference(
        before.map(CatalogEntry::entry), after.map(CatalogEntry::entry), contentChanged());
  }

  /** Whether the two sides differ in anything a user can see: revisions and problems are not. */
  boolean isVisible() {
    return contentChanged()
        || (!entry(before).equals(entry(after)) && !visible(before).equals(visible(after)));
  }

  private static Optional<ChunkList> content(Optional<CatalogEntry> side) {
    return side.map(CatalogEntry::content);
  }

  private static Optional<Entry> entry(Optional<CatalogEntry> side) {
    return side.map(CatalogEntry::entry);
  }

  private static Optional<Entry> visible(Optional<CatalogEntry> side) {
    return entry(side).map(entry -> entry.toBuilder().withoutRevision().build());
  }
}
