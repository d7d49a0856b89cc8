package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.source.EntryCursor;
import dev.varve.source.SortedEntries;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lists single directories in the order of the catalog. A child's kind must be known before it can
 * be sorted, so all children are looked at first; those of a huge directory wait on disk. Used by
 * one thread.
 */
final class Listing {

  private static final int CHILDREN_BETWEEN_CHECKS = 1024;

  private final FilesSettings settings;
  private final PathFilter filter;
  private final Predicate<Path> leadsToRoot;
  private final EntryReader reader;
  private final SourceContext context;
  private final Markers markers;

  Listing(
      FilesSettings settings,
      PathFilter filter,
      Predicate<Path> leadsToRoot,
      EntryReader reader,
      SourceContext context) {
    this.settings = settings;
    this.filter = filter;
    this.leadsToRoot = leadsToRoot;
    this.reader = reader;
    this.context = context;
    this.markers = new Markers(settings.markers);
  }

  /**
   * The children of a directory that belong to the backup, or lead to what does. Problems are
   * reported; what could be read is shown.
   *
   * @param prefix the bytes that the paths of the children begin with
   * @param state how far the patterns match the directory
   */
  EntryCursor list(Path directory, byte[] prefix, PathFilter.Position state) throws IOException {
    SortedEntries children = SortedEntries.within(settings.listingMemoryBytes);
    boolean listed = false;
    try {
      Optional<Path> marker = markers.find(directory);
      if (marker.isPresent()) {
        context.count("marked directories left out", 1);
        add(marker.get(), prefix, state, reader.settled(), children);
      } else {
        addAll(directory, prefix, state, children);
      }
      EntryCursor sorted = children.sorted();
      listed = true;
      return sorted;
    } finally {
      if (!listed) {
        children.close();
      }
    }
  }

  @SuppressWarnings("StreamResourceLeak") // It is closed below; opening it may fail on its own.
  private void addAll(
      Path directory, byte[] prefix, PathFilter.Position state, SortedEntries children)
      throws IOException {
    Instant settled = reader.settled();
    DirectoryStream<Path> names;
    try {
      names = Files.newDirectoryStream(directory);
    } catch (IOException failure) {
      context.warn(EntryPath.ofBytes(prefix), "cannot be listed: " + Failures.reason(failure));
      return;
    }
    int count = 0;
    try (names) {
      for (Path child : names) {
        if (++count % CHILDREN_BETWEEN_CHECKS == 0) {
          Cancelled.check(context);
        }
        add(child, prefix, state, settled, children);
      }
    } catch (DirectoryIteratorException failure) {
      context.warn(
          EntryPath.ofBytes(prefix),
          "was not listed to its end: "
              + Failures.reason(Objects.requireNonNull(failure.getCause())));
    }
  }

  private void add(
      Path child, byte[] prefix, PathFilter.Position state, Instant settled, SortedEntries children)
      throws IOException {
    byte[] step = RawNames.lastStep(child);
    if (prefix.length + step.length + 1 > EntryPath.MAX_BYTES) {
      context.warn(
          EntryPath.ofBytes(prefix), "holds a name that makes a path too long; it is left out");
      return;
    }
    Optional<Entry> entry = Optional.empty();
    try {
      Stat stat =
          leadsToRoot.test(child)
              ? Root.stat(child)
              : reader.look(joined(prefix, step, false), child);
      boolean directory = stat.kind() == EntryKind.DIRECTORY;
      EntryPath path = EntryPath.ofBytes(joined(prefix, step, directory));
      if (belongs(child, path, stat, step, state)) {
        entry = Optional.of(reader.read(path, child, stat, settled));
      }
    } catch (NoSuchFileException | NotLinkException vanished) {
      return; // It went while its directory was listed, just as if before.
    } catch (IOException failure) {
      context.warn(
          EntryPath.ofBytes(joined(prefix, step, false)),
          "cannot be looked at: " + Failures.reason(failure));
    }
    if (entry.isPresent()) {
      children.add(entry.get());
    }
  }

  private boolean belongs(
      Path child, EntryPath path, Stat stat, byte[] step, PathFilter.Position above) {
    boolean directory = stat.kind() == EntryKind.DIRECTORY;
    if (leadsToRoot.test(child)) {
      return directory || filter.advance(above, step, false).included();
    }
    switch (directory ? filter.advance(above, step, true).verdict() : filter.judge(above, step)) {
      case ADMITTED -> {}
      case EXCLUDED -> {
        context.count("excluded", 1);
        return false;
      }
      case NOT_INCLUDED -> {
        return false;
      }
      case UNDECIDED ->
          context.warn(
              path,
              "is kept: a regular expression to exclude by takes too long on it; begin it with ^");
    }
    if (stat.kind() == EntryKind.SOCKET) {
      context.count("sockets left out", 1);
      return false;
    }
    if (stat.kind() == EntryKind.FILE && stat.size() > settings.largestFileBytes) {
      context.count("large files left out", 1);
      return false;
    }
    if (stat.kind() == EntryKind.FILE && stat.size() < settings.smallestFileBytes) {
      context.count("small files left out", 1);
      return false;
    }
    return true;
  }

  private static byte[] joined(byte[] prefix, byte[] step, boolean directory) {
    int length = prefix.length + step.length;
    byte[] joined = Arrays.copyOf(prefix, directory ? length + 1 : length);
    System.arraycopy(step, 0, joined, prefix.length, step.length);
    if (directory) {
      joined[length] = '/';
    }
    return joined;
  }
}
