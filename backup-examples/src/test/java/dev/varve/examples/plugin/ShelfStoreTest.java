package dev.varve.examples.plugin;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ShelfStoreTest extends StoreContractTest {

  @TempDir Path directory;

  @Override
  protected Store open() {
    return new ShelfStore(directory.resolve("repository.shelf"));
  }
}
