package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.internal.format.CatalogRoot;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PreviousEntriesTest {

  private final MemoryChunks chunks = new MemoryChunks();

  @Property(tries = 40)
  void at_anyAscendingPaths_isWhatAMapHolds(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> previous = Entries.tree(seed, random.nextInt(5000));
    TreeSet<EntryPath> asked = new TreeSet<>(previous.keySet());
    int every = 1 + random.nextInt(2000);
    asked.removeIf(path -> random.nextInt(every) > 2);
    for (int i = 0; i < 50; i++) {
      asked.add(Entries.any(random).path());
    }
    PreviousEntries entries = new PreviousEntries(write(previous));
    long found = 0;
    for (EntryPath path : asked) {
      Optional<CatalogEntry> expected = Optional.ofNullable(previous.get(path));
      assertEquals(expected, entries.at(path));
      found += expected.isPresent() ? 1 : 0;
    }

    assertEquals(previous.size() - found, entries.removed());
  }

  @Test
  void at_everyPath_readsEachChunkOnce() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> previous = Entries.tree(1, 20_000);
    CatalogReader reader = write(previous);
    chunks.count();
    PreviousEntries entries = new PreviousEntries(reader);
    for (EntryPath path : previous.keySet()) {
      assertTrue(entries.at(path).isPresent());
    }

    assertEquals(chunks.size(), chunks.reads());
    assertEquals(chunks.size(), chunks.distinctReads());
    assertEquals(0, entries.removed());
  }

  @Test
  void at_fewPaths_readsFewChunks() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> previous = Entries.tree(1, 50_000);
    CatalogReader reader = write(previous);
    chunks.count();
    PreviousEntries entries = new PreviousEntries(reader);
    for (EntryPath path : List.of(previous.firstKey(), previous.lastKey())) {
      assertEquals(Optional.ofNullable(previous.get(path)), entries.at(path));
    }

    assertTrue(chunks.reads() <= 4, chunks.reads() + " chunks read");
    assertEquals(49_998, entries.removed());
  }

  @Test
  void at_pathThatDoesNotAscend_isRefused() throws Exception {
    PreviousEntries entries = new PreviousEntries(new CatalogReader(chunks, CatalogRoot.EMPTY));
    assertEquals(Optional.empty(), entries.at(EntryPath.of("b")));

    assertThrows(IllegalArgumentException.class, () -> entries.at(EntryPath.of("b")));
    assertThrows(IllegalArgumentException.class, () -> entries.at(EntryPath.of("a")));
  }

  private CatalogReader write(NavigableMap<EntryPath, CatalogEntry> entries) throws Exception {
    return new CatalogReader(chunks, Entries.write(chunks, entries.values()));
  }
}
