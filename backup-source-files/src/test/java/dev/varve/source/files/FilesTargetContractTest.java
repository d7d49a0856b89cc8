package dev.varve.source.files;

import dev.varve.EntryPath;
import dev.varve.target.Target;
import dev.varve.testkit.TargetContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class FilesTargetContractTest extends TargetContractTest {

  @TempDir Path directory;

  @Override
  protected Target target() {
    return FilesTarget.into(directory);
  }

  @Override
  protected SortedMap<EntryPath, byte[]> written() throws IOException {
    SortedMap<EntryPath, byte[]> written = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString();
        if (!name.endsWith(".missing")) {
          written.put(EntryPath.of(name.replace(".incomplete", "")), Files.readAllBytes(file));
        }
      }
    }
    return written;
  }

  @Override
  protected void obstruct(EntryPath path) throws IOException {
    Files.createDirectories(directory.resolve(path + "/full"));
  }
}
