package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.PathFilter.Position;
import dev.varve.PathFilter.Verdict;
import dev.varve.internal.catalog.CatalogEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shows of ascending entries those that a filter admits. What it knows of the directories above the
 * last entry it keeps, whether they are entries or not. Used by one thread.
 */
final class FilteredCursor implements Selection.Cursor {

  private final Selection.Cursor entries;
  private final PathFilter filter;
  private final Consumer<EntryPath> undecided;
  private final Deque<Level> above = new ArrayDeque<>();

  /** A directory: its path with the slash, and what the filter knows of it. */
  private record Level(byte[] path, Position position) {}

  FilteredCursor(Selection.Cursor entries, PathFilter filter, Consumer<EntryPath> undecided) {
    this.entries = entries;
    this.filter = filter;
    this.undecided = undecided;
    above.push(new Level(new byte[0], filter.start()));
  }

  @Override
  public Optional<CatalogEntry> next() throws IOException {
    Optional<CatalogEntry> next = entries.next();
    while (next.isPresent() && !admits(next.get().entry())) {
      next = entries.next();
    }
    return next;
  }

  private boolean admits(Entry entry) {
    byte[] path = entry.path().bytes();
    int end = entry.path().endsWithSlash() ? path.length - 1 : path.length;
    Level parent = descend(path, end);
    byte[] step = Arrays.copyOfRange(path, parent.path().length, end);
    return switch (verdict(parent.position(), step, entry.kind() == EntryKind.DIRECTORY)) {
      case ADMITTED -> true;
      case EXCLUDED, NOT_INCLUDED -> false;
      case UNDECIDED -> {
        undecided.accept(entry.path());
        yield true;
      }
    };
  }

  private Verdict verdict(Position parent, byte[] step, boolean directory) {
    if (!directory) {
      return filter.judge(parent, step);
    }
    Position position = filter.advance(parent, step, true);
    return position.included() ? position.verdict() : Verdict.NOT_INCLUDED;
  }

  /** The directory right above what ends at {@code end}. */
  private Level descend(byte[] path, int end) {
    while (!isAbove(above.getFirst().path(), path)) {
      above.pop();
    }
    for (int i = above.getFirst().path().length; i < end; i++) {
      if (path[i] == '/') {
        Level parent = above.getFirst();
        byte[] step = Arrays.copyOfRange(path, parent.path().length, i);
        above.push(
            new Level(Arrays.copyOf(path, i + 1), filter.advance(parent.position(), step, true)));
      }
    }
    return above.getFirst();
  }

  private static boolean isAbove(byte[] directory, byte[] path) {
    return directory.length < path.length
        && Arrays.equals(directory, 0, directory.length, path, 0, directory.length);
  }
}
