package dev.varve.source.stream;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.testkit.SourceContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class CommandSourceContractTest extends SourceContractTest {

  @TempDir Path directory;

  @BeforeEach
  void fill() throws IOException {
    byte[] large = new byte[500_000];
    new SplittableRandom(1).nextBytes(large);
    Files.write(directory.resolve("large"), large);
    Files.writeString(directory.resolve("a"), "text");
    Files.writeString(directory.resolve("empty"), "");
  }

  @Override
  protected Source source() {
    Command large = Command.of("cat", "large").directory(directory);
    return CommandSource.of("large", large)
        .and("empty", Command.of("true"))
        .and("a", Command.shell("cat a").directory(directory))
        .parallel(parallel());
  }

  /** How many commands run at once. */
  int parallel() {
    return 1;
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() throws IOException {
    TreeMap<EntryPath, byte[]> contents = new TreeMap<>();
    for (String name : new String[] {"a", "empty", "large"}) {
      contents.put(EntryPath.of(name), Files.readAllBytes(directory.resolve(name)));
    }
    return contents;
  }

  @Override
  protected Optional<EntryPath> change() throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve("large"));
    bytes[bytes.length / 2]++;
    Files.write(directory.resolve("large"), bytes);
    return Optional.of(EntryPath.of("large"));
  }

  /** The commands stay. */
  @Override
  protected Optional<EntryPath> remove() {
    return Optional.empty();
  }
}
