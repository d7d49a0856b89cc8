package dev.varve.examples.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.CheckOptions;
import dev.varve.ConfigurationException;
import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.repository.Plugins;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.Source;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example plugins are found by their schemes and work together. */
class PluginsTest {

  @TempDir Path directory;

  @Test
  void archiveOntoShelf_isReadBack() throws Exception {
    byte[] content = "in an archive".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Path archive = directory.resolve("some.zip");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("docs/readme"));
      zip.write(content);
    }
    Source source =
        Plugins.source(List.of("zip:" + archive), Map.of("name", List.of("an-archive")));
    assertEquals("zip:an-archive@localhost", source.identity().toString());
    String location = "shelf:" + directory.resolve("repository.shelf");
    KeyFile key = KeyFile.generate();
    RepositoryOptions options = RepositoryOptions.builder().withoutCache().withoutState().build();
    try (Repository repository = Repository.create(location, key, options)) {
      repository.backup(source);
    }
    try (Repository repository = Repository.open(location, key, options)) {
      Snapshot snapshot = repository.snapshots().latest().orElseThrow();
      try (InputStream in = repository.content(snapshot, "docs/readme")) {
        assertArrayEquals(content, in.readAllBytes());
      }
      CheckOptions everything = CheckOptions.builder().level(CheckOptions.Level.DATA).build();
      assertEquals(List.of(), repository.check(everything).findings());
    }
  }

  @Test
  void options_unknown_areRefused() {
    assertThrows(
        ConfigurationException.class,
        () -> Plugins.source(List.of("zip:x.zip"), Map.of("nmae", List.of("typing error"))));
  }
}
