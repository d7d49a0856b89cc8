package dev.varve.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.key.KeyFile;
import dev.varve.reader.ReadSnapshot;
import dev.varve.reader.RepositoryReader;
import dev.varve.reader.Secret;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.testkit.MemorySource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written today is what {@code docs/format.md} says: the second reader restores it. */
class FreshRepositoryTest {

  /** More chunks than one list holds, so that there must be lists of lists. */
  private static final long LARGE_BYTES = 8_400L * 4_098;

  @TempDir Path directory;

  private final KeyFile key = KeyFile.generate();

  @Test
  void secondReader_everythingACatalogHolds_isRestored() {
    MemorySource source = GoldenSources.main();
    StringBuilder expected = new StringBuilder();
    try (Repository repository =
        Repository.create(directory.toString(), key, GoldenMaker.options())) {
      repository.backup(source);
      expected.append(GoldenMaker.expectation(source, Map.of(), 0));
      GoldenSources.change(source);
      source.recover();
      repository.backup(source);
      expected.append(GoldenMaker.expectation(source, Map.of(), 0));
    }
    assertEquals(expected.toString(), SecondReading.of(directory, Secret.keyFile(key.text())));
    RepositoryReader reader = RepositoryReader.open(directory, Secret.keyFile(key.text()));
    assertEquals(List.of(), reader.audit());
    for (ReadSnapshot snapshot : reader.snapshots()) {
      assertEquals(List.of(), reader.cutElsewhere(snapshot));
    }
  }

  @Test
  void secondReader_listsOfLists_areRestored() {
    MemorySource source = new MemorySource().file("large", LARGE_BYTES, 5);
    RepositoryOptions tiny =
        RepositoryOptions.builder()
            .withoutCache()
            .withoutState()
            .parallelism(2)
            .chunkSizes(4096, 4097, 4098)
            .build();
    try (Repository repository = Repository.create(directory.toString(), key, tiny)) {
      repository.backup(source);
    }
    RepositoryReader reader = RepositoryReader.open(directory, Secret.keyFile(key.text()));
    ReadSnapshot snapshot = reader.snapshots().get(0);
    assertTrue(reader.deepestList(snapshot) >= 2, "The content has no lists of lists");
    assertEquals(
        GoldenMaker.expectation(source, Map.of(), 0),
        SecondReading.of(directory, Secret.keyFile(key.text())));
  }

  @Test
  void secondReader_contentChangesInManyPlaces_isCutFinely() {
    byte[] content = new byte[4 << 20];
    new Random(1).nextBytes(content);
    Entry rows = Entry.builder(EntryPath.of("rows"), EntryKind.FILE).size(content.length).build();
    MemorySource source =
        new MemorySource()
            .file(EntryPath.of("file"), content)
            .put(
                rows.toBuilder().attributes(Attributes.none().with(Attributes.FINE, "")).build(),
                content);
    RepositoryOptions options =
        RepositoryOptions.builder()
            .withoutCache()
            .withoutState()
            .parallelism(2)
            .chunkSizes(32 << 10, 128 << 10, 512 << 10)
            .build();
    try (Repository repository = Repository.create(directory.toString(), key, options)) {
      repository.backup(source);
    }
    RepositoryReader reader = RepositoryReader.open(directory, Secret.keyFile(key.text()));
    ReadSnapshot snapshot = reader.snapshots().get(0);
    assertEquals(List.of(), reader.cutElsewhere(snapshot));
    List<Integer> counts = reader.chunkCounts(snapshot);
    assertTrue(counts.get(1) > 3 * counts.get(0), counts + " chunks");
  }
}
