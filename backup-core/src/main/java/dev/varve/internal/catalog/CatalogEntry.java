package dev.varve.internal.catalog;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.internal.format.ChunkList;

/**
 * An entry as a snapshot holds it.
 *
 * @param entry what is said about it
 * @param content the chunks of its content, {@link ChunkList#EMPTY} if there are none
 * @param problem whether something went wrong when it was recorded, so that it is read again
 */
public record CatalogEntry(Entry entry, ChunkList content, boolean problem) {

  public CatalogEntry {
    if (!content.refs().isEmpty() && !entry.kind().hasContent()) {
      throw new IllegalArgumentException(entry + " cannot have content");
    }
    if ((content.refs().isEmpty() && content.depth() > 0)
        || content.refs().size() > ChunkList.MAX_REFS
        || content.depth() > ChunkList.MAX_DEPTH) {
      throw new IllegalArgumentException(
          entry
              + " has a content of depth "
              + content.depth()
              + " with "
              + content.refs().size()
              + " references");
    }
  }

  /** The entry's path. */
  public EntryPath path() {
    return entry.path();
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof CatalogEntry that
        && entry.equals(that.entry)
        && content.equals(that.content)
        && problem == that.problem;
  }

  @Override
  public int hashCode() {
    return 31 * entry.hashCode() + content.hashCode();
  }
}
