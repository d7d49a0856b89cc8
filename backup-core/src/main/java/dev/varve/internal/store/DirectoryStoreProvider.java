package dev.varve.internal.store;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import dev.varve.store.StoreProvider;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Opens {@code file:/path}, {@code file:///path} and plain paths. One option: {@code
 * exclusive=true}, for file systems without hard links.
 */
public final class DirectoryStoreProvider implements StoreProvider {

  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public Store open(Location location, Options options) throws IOException {
    boolean exclusive = options.flag("exclusive", false);
    options.allRead();
    Path directory = directory(location);
    return exclusive ? DirectoryStore.openExclusive(directory) : DirectoryStore.open(directory);
  }

  private static Path directory(Location location) {
    String path = location.rest();
    if (path.startsWith("//")) {
      if (!path.startsWith("///")) {
        throw new ConfigurationException(
            "Location '" + location + "' names a machine; use a path, file:/path or file:///path");
      }
      path = path.substring(2);
    }
    if (path.isEmpty()) {
      throw new ConfigurationException("Location '" + location + "' names no directory; add one");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new ConfigurationException("Location '" + location + "' is not a path here", e);
    }
  }
}
