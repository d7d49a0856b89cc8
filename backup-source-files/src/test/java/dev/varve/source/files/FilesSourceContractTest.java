package dev.varve.source.files;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.testkit.SourceContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FilesSourceContractTest extends SourceContractTest {

  @TempDir Path directory;

  @BeforeEach
  void grow() throws IOException {
    Files.createDirectories(directory.resolve("a/b"));
    Files.writeString(directory.resolve("a/b/small"), "small");
    Files.createFile(directory.resolve("a/empty"));
    Files.writeString(directory.resolve("z"), "last");
    byte[] large = new byte[300_000];
    new Random(5).nextBytes(large);
    Files.write(large(), large);
  }

  @Override
  protected Source source() {
    return FilesSource.of(directory);
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() throws IOException {
    return contents(directory);
  }

  @Override
  protected Optional<EntryPath> change() throws IOException {
    byte[] bytes = Files.readAllBytes(large());
    bytes[bytes.length / 2]++;
    var time = Files.getLastModifiedTime(large());
    Files.write(large(), bytes);
    Files.setLastModifiedTime(large(), time);
    return Optional.of(EntryPath.ofBytes(RawNames.withoutRoot(large())));
  }

  @Override
  protected Optional<EntryPath> remove() throws IOException {
    Files.delete(directory.resolve("z"));
    return Optional.of(EntryPath.ofBytes(RawNames.withoutRoot(directory.resolve("z"))));
  }

  private Path large() {
    return directory.resolve("a/large");
  }

  /** All regular files below {@code top}. */
  static SortedMap<EntryPath, byte[]> contents(Path top) throws IOException {
    SortedMap<EntryPath, byte[]> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(EntryPath.ofBytes(RawNames.withoutRoot(file)), Files.readAllBytes(file));
      }
    }
    return contents;
  }
}
