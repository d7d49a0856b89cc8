package dev.varve.internal.store;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveDirectoryStoreContractTest extends StoreContractTest {

  @TempDir private Path directory;

  @Override
  protected Store open() throws IOException {
    return DirectoryStore.openExclusive(directory);
  }

  @Override
  protected boolean isShared() {
    return false;
  }
}
