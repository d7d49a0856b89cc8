package dev.varve.internal.store;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreContractTest extends StoreContractTest {

  @TempDir private Path directory;

  @Override
  protected Store open() throws IOException {
    return DirectoryStore.open(directory.resolve("a place/to be made"), 7);
  }
}
