package dev.varve.golden;

import dev.varve.SourceIdentity;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the repository of the worked example in {@code docs/format.md}: {@code ExampleMaker
 * DIRECTORY}. Whoever makes it anew puts what {@code WorkedExample} prints into the page.
 */
final class ExampleMaker {

  private ExampleMaker() {}

  /** Makes one in the directory that is named. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory);
    KeyFile key = KeyFile.generate();
    Files.writeString(directory.resolve("key.txt"), key.text() + "\n");
    RepositoryOptions options =
        RepositoryOptions.builder()
            .withoutCache()
            .withoutState()
            .parallelism(1)
            .slotLabel("example")
            .build();
    String place = directory.resolve("repository").toString();
    try (Repository repository = Repository.create(place, key, options)) {
      repository.backup(
          new MemorySource(SourceIdentity.parse("memory:example@test"))
              .file("hello.txt", "Hello, Varve!\n"));
    }
    Files.deleteIfExists(directory.resolve("repository/.tmp"));
  }
}
