package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreProviderTest {

  private final DirectoryStoreProvider provider = new DirectoryStoreProvider();

  @TempDir private Path folder;

  @Test
  void open_anyWayToWriteAPath_isThatDirectory() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("my backups")).toRealPath();
    for (String typed : List.of(directory.toString(), "file:" + directory, "file://" + directory)) {
      try (Store store = provider.open(Location.parse(typed), Options.none("file"))) {
        assertEquals(directory.toString(), store.toString());
      }
    }
  }

  @Test
  void open_relativePath_isBelowTheCurrentDirectory() throws IOException {
    try (Store store = provider.open(Location.parse("not-there/yet"), Options.none("file"))) {
      assertEquals(Path.of("not-there/yet").toAbsolutePath().toString(), store.toString());
    }
  }

  @Test
  void open_machineName_isRefused() {
    assertEquals(
        "Location 'file://nas/backups' names a machine; use a path, file:/path or file:///path",
        failure("file://nas/backups", Options.none("file")));
  }

  @Test
  void open_noPath_isRefused() {
    assertEquals(
        "Location 'file:' names no directory; add one", failure("file:", Options.none("file")));
  }

  @Test
  void open_unknownOption_namesTheNearest() {
    Options misspelt = Options.of("file", Map.of("exclusiv", List.of("true")));

    String message = failure(folder.toString(), misspelt);

    assertTrue(message.contains("did you mean 'exclusive'?"), message);
  }

  @Test
  void open_exclusive_letsOneWriterIn() throws IOException {
    Options exclusive = Options.of("file", Map.of("exclusive", List.of("true")));
    Location location = Location.parse(folder.toString());
    try (Store one = provider.open(location, exclusive);
        Store two = provider.open(location, exclusive)) {
      one.create("config", Body.of(new byte[1]));

      assertThrows(IOException.class, () -> two.create("log/0", Body.of(new byte[1])));
    }
  }

  private String failure(String typed, Options options) {
    return String.valueOf(
        assertThrows(
                ConfigurationException.class, () -> provider.open(Location.parse(typed), options))
            .getMessage());
  }
}
