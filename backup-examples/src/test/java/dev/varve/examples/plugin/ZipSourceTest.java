package dev.varve.examples.plugin;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.testkit.SourceContractTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ZipSourceTest extends SourceContractTest {

  private static final EntryPath LARGE = EntryPath.of("b/large");

  @TempDir Path directory;

  private final TreeMap<EntryPath, byte[]> held = new TreeMap<>();

  @BeforeEach
  void fill() throws IOException {
    byte[] large = new byte[500_000];
    new SplittableRandom(1).nextBytes(large);
    held.put(LARGE, large);
    held.put(EntryPath.of("a"), "text".getBytes(StandardCharsets.UTF_8));
    held.put(EntryPath.of("b-empty"), new byte[0]);
    write();
  }

  @Override
  protected Source source() {
    return ZipSource.of(directory.resolve("archive.zip"));
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() {
    return new TreeMap<>(held);
  }

  @Override
  protected Optional<EntryPath> change() throws IOException {
    byte[] changed = Arrays.copyOf(held.getOrDefault(LARGE, new byte[0]), 500_000);
    changed[250_000]++;
    held.put(LARGE, changed);
    write();
    return Optional.of(LARGE);
  }

  @Override
  protected Optional<EntryPath> remove() throws IOException {
    held.remove(LARGE);
    write();
    return Optional.of(LARGE);
  }

  /** Archives are replaced, as programs do that write them. */
  private void write() throws IOException {
    Path fresh = directory.resolve("archive.new");
    try (OutputStream out = Files.newOutputStream(fresh);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<EntryPath, byte[]> each : held.descendingMap().entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey().toString()));
        zip.write(each.getValue());
      }
      zip.putNextEntry(new ZipEntry("b/"));
    }
    Files.move(fresh, directory.resolve("archive.zip"), StandardCopyOption.REPLACE_EXISTING);
  }
}
