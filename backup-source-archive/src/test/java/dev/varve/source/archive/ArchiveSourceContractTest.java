package dev.varve.source.archive;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import dev.varve.testkit.SourceContractTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A plain tar in a file; a zip below. What is compressed is read once, forward. */
class ArchiveSourceContractTest extends SourceContractTest {

  @TempDir private Path directory = Path.of("");

  private final MemorySource held = new MemorySource();

  ArchiveTarget.Format format() {
    return ArchiveTarget.Format.TAR;
  }

  @BeforeEach
  void fill() throws IOException {
    held.file("b/large", 300_000, 1).file("a", "text").file("b-empty", "").directory("b/");
    write();
  }

  @Override
  protected Source source() {
    return ArchiveSource.of(directory.resolve("archive"));
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() {
    SortedMap<EntryPath, byte[]> contents = new TreeMap<>();
    held.entries()
        .forEach(
            (path, entry) -> {
              if (entry.kind().hasContent()) {
                contents.put(path, held.content(path));
              }
            });
    return contents;
  }

  @Override
  protected Optional<EntryPath> change() throws IOException {
    EntryPath large = EntryPath.of("b/large");
    byte[] changed = held.content(large);
    changed[150_000]++;
    held.put(held.entry(large), changed);
    write();
    return Optional.of(large);
  }

  @Override
  protected Optional<EntryPath> remove() throws IOException {
    held.remove("a");
    write();
    return Optional.of(EntryPath.of("a"));
  }

  private void write() throws IOException {
    ArchiveTarget.to(directory.resolve("archive"), format())
        .overwriting()
        .restore(MemoryContents.of(held), new RecordingContext());
  }
}
