package dev.varve.source.stream;

import dev.varve.EntryPath;
import dev.varve.target.Target;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.TargetContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class CommandTargetContractTest extends TargetContractTest {

  /** Refuses to overwrite, and has a file only if it is whole. */
  private static final String LINE =
      "file=$(echo \"$VARVE_PATH\" | tr / _); set -C; cat > \"$file\" || exit; mv \"$file\" done/";

  @TempDir Path directory;

  @Override
  protected Target target() throws IOException {
    Files.createDirectories(directory.resolve("done"));
    String line = "[ ! -e done/$(echo \"$VARVE_PATH\" | tr / _) ] || exit 9; " + LINE;
    return CommandTarget.of(Command.shell(line).directory(directory)).keepGoing();
  }

  /** A command is given contents only. */
  @Override
  protected MemorySource tree() {
    return new MemorySource()
        .file("docs/a.txt", "first")
        .file("docs/empty", "")
        .file("pictures/one", 300_001, 2)
        .file("z", 200_000, 3);
  }

  @Override
  protected SortedMap<EntryPath, byte[]> written() throws IOException {
    SortedMap<EntryPath, byte[]> written = new TreeMap<>();
    Path done = directory.resolve("done");
    if (Files.exists(done)) {
      try (Stream<Path> files = Files.list(done)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = String.valueOf(file.getFileName()).replace('_', '/');
          written.put(EntryPath.of(name), Files.readAllBytes(file));
        }
      }
    }
    return written;
  }

  @Override
  protected void obstruct(EntryPath path) throws IOException {
    Files.createDirectories(directory.resolve("done/" + path + "/full"));
  }
}
