package dev.varve.internal.store;

import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * One page of a listing of files below a directory, by the ASCII of their whole keys. Used by one
 * thread, once.
 *
 * <p>Within a directory, a child directory sorts as its name with a slash. Which child is one is
 * found out only when its name is met, so that a page looks at hardly more files than it shows.
 */
final class DirectoryListing {

  private final Path root;
  private final String prefix;
  private final String startAfter;
  private final int most;
  private final Publishing publishing;
  private final List<Stored> found = new ArrayList<>();
  private final Map<Path, FileState> mayGetLost = new LinkedHashMap<>();

  DirectoryListing(Path root, String prefix, String startAfter, int most, Publishing publishing) {
    this.root = root;
    this.prefix = prefix;
    this.startAfter = startAfter;
    this.most = most;
    this.publishing = publishing;
  }

  /** Lists; everything shown is durable then. */
  Page page(Directories directories) throws IOException {
    String directory = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    if (directory.isEmpty() || isKey(directory + "x")) {
      walk(directory);
    }
    boolean last = found.size() <= most;
    Set<Path> forced = new HashSet<>();
    for (Path item : mayGetLost.keySet()) {
      if (forced.add(Directories.parent(item))) {
        directories.forceNameOf(item);
      }
    }
    mayGetLost.forEach(publishing::forced);
    return new Page(last ? found : found.subList(0, most), last);
  }

  /**
   * Walks a directory whose keys begin with {@code directory}: empty, or with a slash at the end.
   */
  private void walk(String directory) throws IOException {
    NavigableSet<String> keys = children(directory);
    while (!keys.isEmpty() && found.size() <= most) {
      String key = keys.pollFirst();
      if (key.endsWith("/")) {
        walk(key);
        continue;
      }
      FileState state;
      Path file = root.resolve(key);
      try {
        state = FileState.of(file);
      } catch (NoSuchFileException deletedMeanwhile) {
        continue;
      }
      if (state.directory()) {
        keys.add(key + "/");
      } else if (key.compareTo(startAfter) > 0) {
        found.add(new Stored(key, state.size(), state.time()));
        if (publishing.mayGetLost(file, state)) {
          mayGetLost.put(file, state);
        }
      }
    }
  }

  private NavigableSet<String> children(String directory) throws IOException {
    NavigableSet<String> keys = new TreeSet<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(directory))) {
      for (Path child : children) {
        String key = directory + child.getFileName();
        if (isWanted(key) && isKey(key)) {
          keys.add(key);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException nothingThere) {
      return new TreeSet<>();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return keys;
  }

  /** Whether an item of this key, or one below it if it is a directory, may be on the page. */
  private boolean isWanted(String key) {
    return (key.startsWith(prefix) || prefix.startsWith(key + "/"))
        && (key.compareTo(startAfter) > 0
            || (key + "/").compareTo(startAfter) > 0
            || startAfter.startsWith(key + "/"));
  }

  private static boolean isKey(String key) {
    try {
      Store.requireKey(key);
      return true;
    } catch (IllegalArgumentException somethingElse) {
      return false;
    }
  }
}
