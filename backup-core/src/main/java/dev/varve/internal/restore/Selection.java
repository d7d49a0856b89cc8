package dev.varve.internal.restore;

import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The entries of a catalog that lie at or below any of some paths (none given: all) and that a
 * filter admits. Safe for use by many threads.
 */
final class Selection {

  private final CatalogReader catalog;
  private final List<EntryPath> tops;

  private final PathFilter filter;
  private final Consumer<EntryPath> undecided;

  /**
   * The selection.
   *
   * @param undecided hears of paths that are kept because deciding would take too long; more than
   *     once if there are several cursors
   */
  Selection(
      CatalogReader catalog,
      List<EntryPath> paths,
      PathFilter filter,
      Consumer<EntryPath> undecided) {
    this.catalog = catalog;
    this.filter = filter;
    this.undecided = undecided;
    this.tops =
        paths.stream()
            .sorted()
            .distinct()
            .filter(
                path ->
                    paths.stream()
                        .noneMatch(other -> !sameTop(other, path) && path.isAtOrBelow(other)))
            .toList();
  }

  /** Shows entries ascending by path. */
  interface Cursor {
    Optional<CatalogEntry> next() throws IOException;
  }

  /** Whether the filter may take out something. */
  boolean filtered() {
    return !filter.isEverything();
  }

  /** A cursor that goes on behind what cannot be read, of which {@code lost} hears. */
  Cursor cursor(LostStretches lost) throws IOException {
    Cursor all = atOrBelow(lost);
    return filtered() ? new FilteredCursor(all, filter, undecided) : all;
  }

  private Cursor atOrBelow(LostStretches lost) throws IOException {
    if (tops.isEmpty()) {
      return LostStretches.persevering(catalog.cursor(), lost);
    }
    List<Cursor> cursors = new ArrayList<>();
    for (EntryPath top : tops) {
      cursors.add(LostStretches.persevering(catalog.cursorBelow(top), lost));
    }
    return cursors.size() == 1 ? cursors.get(0) : merged(cursors);
  }

  /** The paths of which nothing is in the catalog. */
  List<EntryPath> absent() throws IOException {
    List<EntryPath> absent = new ArrayList<>();
    for (EntryPath top : tops) {
      if (catalog.cursorBelow(top).next().isEmpty()) {
        absent.add(top);
      }
    }
    return absent;
  }

  /** Entries below one path may lie between those below another: "a", "a-b", "a/b". */
  private static Cursor merged(List<Cursor> cursors) throws IOException {
    record Head(CatalogEntry entry, Cursor rest) {}
    var heads = new PriorityQueue<Head>(Comparator.comparing(h -> h.entry().path()));
    for (Cursor cursor : cursors) {
      cursor.next().ifPresent(entry -> heads.add(new Head(entry, cursor)));
    }
    return () -> {
      Head least = heads.poll();
      if (least == null) {
        return Optional.empty();
      }
      least.rest().next().ifPresent(entry -> heads.add(new Head(entry, least.rest())));
      return Optional.of(least.entry());
    };
  }

  private static boolean sameTop(EntryPath one, EntryPath other) {
    return one.isAtOrBelow(other) && other.isAtOrBelow(one) && one.compareTo(other) >= 0;
  }
}
