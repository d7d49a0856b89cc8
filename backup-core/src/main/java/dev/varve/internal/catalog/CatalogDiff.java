package dev.varve.internal.catalog;

import java.io.IOException;
import java.util.Optional;

/**
 * Shows how one catalog differs from another, ascending by path. Used by one thread. Chunks that
 * both share are passed over unread, so that it costs what differs and not what there is.
 *
 * <p>An entry of which only the revision or the mark of a problem differs is not shown: they say
 * when to read again, not what was read.
 */
public final class CatalogDiff {

  private final CatalogWalk before;
  private final CatalogWalk after;

  /** Compares two catalogs of one repository. */
  public CatalogDiff(CatalogReader before, CatalogReader after) throws IOException {
    this.before = before.walk();
    this.after = after.walk();
  }

  /** The next entry that differs; empty at the end, and from then on. */
  public Optional<EntryChange> next() throws IOException {
    while (!before.atEnd() || !after.atEnd()) {
      int order = before.atEnd() ? 1 : after.atEnd() ? -1 : before.path().compareTo(after.path());
      if (order < 0 && before.atChunk()) {
        before.open();
      } else if (order > 0 && after.atChunk()) {
        after.open();
      } else if (order != 0) {
        return Optional.of(takeOne(order < 0));
      } else if (before.atEntry() && after.atEntry()) {
        EntryChange both = new EntryChange(take(before), take(after));
        if (both.isVisible()) {
          return Optional.of(both);
        }
      } else {
        passOrOpen();
      }
    }
    return Optional.empty();
  }

  private EntryChange takeOne(boolean removed) throws IOException {
    return removed
        ? new EntryChange(take(before), Optional.empty())
        : new EntryChange(Optional.empty(), take(after));
  }

  private static Optional<CatalogEntry> take(CatalogWalk walk) throws IOException {
    CatalogEntry entry = walk.entry();
    walk.pass();
    return Optional.of(entry);
  }

  /** Both begin alike, and one of them at least is a chunk. */
  private void passOrOpen() throws IOException {
    int left = before.atChunk() ? before.level() : -1;
    int right = after.atChunk() ? after.level() : -1;
    if (left == right && before.chunk().ref().equals(after.chunk().ref())) {
      before.pass();
      after.pass();
      return;
    }
    if (left >= right) {
      before.open();
    }
    if (right >= left) {
      after.open();
    }
  }
}
