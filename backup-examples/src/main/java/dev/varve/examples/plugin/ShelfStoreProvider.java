package dev.varve.examples.plugin;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import dev.varve.store.StoreProvider;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens {@code shelf:FILE}. */
public final class ShelfStoreProvider implements StoreProvider {

  /** For {@link java.util.ServiceLoader}. */
  public ShelfStoreProvider() {}

  @Override
  public String scheme() {
    return "shelf";
  }

  @Override
  public Store open(Location location, Options options) {
    options.allRead();
    Path file = Path.of(location.rest());
    if (Files.isDirectory(file)) {
      throw new ConfigurationException(file + " is a directory; a shelf is a file, name one");
    }
    return new ShelfStore(file);
  }
}
