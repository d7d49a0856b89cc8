package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.Source;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;

class MemorySourceTest extends SourceContractTest {

  private long changes = 100;

  private final MemorySource place =
      new MemorySource()
          .directory("a/")
          .file("a/empty", "")
          .file("a/large", 150_000, changes)
          .file("a-b", "text")
          .link("b", "a/large");

  @AfterEach
  void contractIsKept() {
    assertEquals(List.of(), place.misuses());
  }

  @Override
  protected Source source() {
    return place;
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() {
    TreeMap<EntryPath, byte[]> contents = new TreeMap<>();
    for (Entry entry : place.entries().values()) {
      if (entry.kind().hasContent()) {
        contents.put(entry.path(), place.content(entry.path()));
      }
    }
    return contents;
  }

  @Override
  protected Optional<EntryPath> change() {
    place.file("a/large", 150_000, ++changes);
    return Optional.of(EntryPath.of("a/large"));
  }

  @Override
  protected Optional<EntryPath> remove() {
    place.remove("a/large");
    return Optional.of(EntryPath.of("a/large"));
  }
}
