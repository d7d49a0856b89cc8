package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import dev.varve.store.StoreProvider;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {

  /** A provider that works. */
  public static class Memory implements StoreProvider {
    @Override
    public String scheme() {
      return "memory";
    }

    @Override
    public Store open(Location location, Options options) {
      return new MemoryStore();
    }
  }

  /** Claims the scheme of another. */
  public static final class Rival extends Memory {}

  /** A provider that cannot be made. */
  public static final class Unmakeable extends Memory {
    /** Fails. */
    public Unmakeable() {
      throw new IllegalStateException("its client library is missing");
    }
  }

  /** A provider that does not know its own scheme. */
  public static final class Nameless extends Memory {
    @Override
    public String scheme() {
      throw new NoClassDefFoundError("com/example/Client");
    }
  }

  @TempDir private Path folder;

  @Test
  void stores_coreAlone_hasFile() {
    Providers<StoreProvider> stores = Providers.stores();

    assertEquals(List.of("file"), stores.schemes());
    assertInstanceOf(DirectoryStoreProvider.class, stores.forScheme("file"));
  }

  @Test
  void stores_contextLoaderWithoutCore_stillHasFile() throws IOException {
    try (URLClassLoader bare = new URLClassLoader(new URL[0], null)) {
      assertEquals(List.of("file"), within(bare, Providers::stores).schemes());
    }
  }

  @Test
  void stores_pluginInContextLoader_isFound() throws IOException {
    Providers<StoreProvider> stores = storesWith(Memory.class.getName());

    assertEquals(List.of("file", "memory"), stores.schemes());
    assertEquals(Memory.class, stores.forScheme("memory").getClass());
  }

  @Test
  void forScheme_twoClasses_areBothNamed() throws IOException {
    Providers<StoreProvider> stores = storesWith(Memory.class.getName(), Rival.class.getName());

    String message = failure(stores, "memory");
    assertTrue(message.contains(Memory.class.getName()), message);
    assertTrue(message.contains(Rival.class.getName()), message);
    assertInstanceOf(DirectoryStoreProvider.class, stores.forScheme("file"));
  }

  @Test
  void stores_brokenOnes_hideNoOtherAndAreMentioned() throws IOException {
    Providers<StoreProvider> stores =
        storesWith(
            Unmakeable.class.getName(),
            "com.example.NotThere",
            Nameless.class.getName(),
            Memory.class.getName());

    assertEquals(List.of("file", "memory"), stores.schemes());
    String message = failure(stores, "s3");
    assertTrue(message.contains("its client library is missing"), message);
    assertTrue(message.contains("com.example.NotThere"), message);
    assertTrue(message.contains("com/example/Client"), message);
  }

  @Test
  void forScheme_knownButAbsent_namesTheArtifactAndWhatIsThere() {
    assertEquals(
        "There is no store for 's3:' on the class path; add the artifact"
            + " dev.varve:backup-store-s3; there are [file]",
        failure(Providers.stores(), "s3"));
    assertEquals(
        "There is no source for 'jdbc:' on the class path; add the artifact"
            + " dev.varve:backup-source-jdbc; there are none",
        failure(Providers.sources(), "jdbc"));
    assertTrue(failure(Providers.targets(), "opensearch").contains("backup-source-elasticsearch"));
    assertTrue(failure(Providers.stores(), "gs").contains("backup-store-gcs"));
  }

  @Test
  void forScheme_unknown_listsWhatIsThere() {
    assertEquals(
        "There is no store for 'ftp:' on the class path; there are [file]",
        failure(Providers.stores(), "ftp"));
  }

  private Providers<StoreProvider> storesWith(String... classes) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(services.resolve(StoreProvider.class.getName()), List.of(classes));
    URL[] path = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
      return within(loader, Providers::stores);
    }
  }

  private static <T> T within(ClassLoader loader, Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static String failure(Providers<?> providers, String scheme) {
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> providers.forScheme(scheme)).getMessage());
  }
}
