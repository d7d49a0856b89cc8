package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Shows the entries below some roots in the order of the catalog. Used by one thread. Holds the
 * children still to come of each directory on the way down, no more.
 */
final class Walk implements EntryCursor {

  private final FilesSettings settings;
  private final Iterator<Root> rootsLeft;

  /** Roots that lie below others; the walk of those must lead to them, whatever is excluded. */
  private final List<Root> innerRoots;

  private final PathFilter filter;
  private final Listing listing;
  private final EntryReader reader;
  private final SourceContext context;

  private final Deque<OpenDirectory> open = new ArrayDeque<>();

  /** Directories that are shown once something below them is included. */
  private final Deque<Entry> held = new ArrayDeque<>();

  private final Deque<Entry> ready = new ArrayDeque<>();

  Walk(FilesSettings settings, List<Root> roots, SourceContext context) {
    this.settings = settings;
    this.context = context;
    filter = settings.filter;
    reader = new EntryReader(settings, context);
    listing = new Listing(settings, filter, this::leadsToRoot, reader, context);
    Predicate<Root> isInner = root -> roots.stream().anyMatch(above -> above.isAbove(root));
    innerRoots = roots.stream().filter(isInner).toList();
    rootsLeft = roots.stream().filter(isInner.negate()).iterator();
  }

  @Override
  public Optional<Entry> next() throws IOException {
    while (ready.isEmpty()) {
      OpenDirectory top = open.peek();
      if (top == null) {
        if (!rootsLeft.hasNext()) {
          return Optional.empty();
        }
        begin(rootsLeft.next());
        continue;
      }
      Optional<Entry> child = top.children().next();
      if (child.isPresent()) {
        visit(top, child.get());
      } else {
        leave(open.pop());
      }
    }
    return Optional.of(ready.remove());
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().children().close();
    }
  }

  private void begin(Root root) throws IOException {
    PathFilter.Position state = filter.start();
    for (Path step : root.path()) {
      boolean last = step.equals(root.path().getFileName());
      state = filter.advance(state, RawNames.lastStep(step), root.directory() || !last);
    }
    byte[] bytes = root.entryBytes();
    if (bytes.length == 0) {
      enter(root.path(), state.asRoot(), Optional.empty());
      return;
    }
    EntryPath name = EntryPath.ofBytes(bytes);
    Stat stat = settings.readsSpecial ? Special.statOfRoot(root.path()) : Root.stat(root.path());
    Entry entry = reader.read(name, root.path(), stat, reader.settled());
    show(entry, root.path(), state.asRoot());
  }

  private void visit(OpenDirectory parent, Entry child) throws IOException {
    if (child.kind() != EntryKind.DIRECTORY) {
      ready.addAll(held);
      held.clear();
      ready.add(child);
      return;
    }
    byte[] whole = child.path().bytes();
    byte[] step = Arrays.copyOfRange(whole, parent.prefixLength(), whole.length - 1);
    Path path = parent.path().resolve(RawNames.step(step));
    PathFilter.Position state = filter.advance(parent.state(), step, true);
    show(child, path, isRoot(path) ? state.asRoot() : state);
  }

  /** Shows an entry, or holds it until something below it is included, and enters it. */
  private void show(Entry entry, Path path, PathFilter.Position state) throws IOException {
    boolean directory = entry.kind() == EntryKind.DIRECTORY;
    boolean included = state.included() && !state.excluded();
    if (included) {
      ready.addAll(held);
      held.clear();
      ready.add(entry);
    } else if (directory && !state.excluded()) {
      held.add(entry);
    }
    if (directory) {
      enter(path, state, Optional.of(entry));
    }
  }

  private void enter(Path path, PathFilter.Position state, Optional<Entry> entry)
      throws IOException {
    Cancelled.check(context);
    EntryCursor children =
        entry.isPresent() && !isRoot(path) && isOtherFileSystem(path)
            ? EntryCursor.of(List.of())
            : listing.list(path, entry.map(e -> e.path().bytes()).orElse(new byte[0]), state);
    open.push(new OpenDirectory(path, state, entry, children));
  }

  private void leave(OpenDirectory directory) throws IOException {
    directory.children().close();
    if (directory.entry().isPresent() && directory.entry().get().equals(held.peekLast())) {
      held.removeLast();
    }
  }

  private boolean isOtherFileSystem(Path path) throws IOException {
    if (!settings.oneFileSystem || open.isEmpty()) {
      return false;
    }
    return Stat.of(path).device() != Stat.of(open.peek().path()).device();
  }

  private boolean isRoot(Path path) {
    return !innerRoots.isEmpty() && innerRoots.stream().anyMatch(root -> root.path().equals(path));
  }

  private boolean leadsToRoot(Path path) {
    return !innerRoots.isEmpty()
        && innerRoots.stream().anyMatch(root -> root.path().startsWith(path));
  }

  /**
   * A directory that is being shown.
   *
   * @param entry its own entry; the root of all has none
   */
  private record OpenDirectory(
      Path path, PathFilter.Position state, Optional<Entry> entry, EntryCursor children) {

    /** How many bytes the paths of its children begin with. */
    int prefixLength() {
      return entry.map(e -> e.path().length()).orElse(0);
    }
  }
}
