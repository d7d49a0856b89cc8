package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EntryFinderTest {

  private final Stock stock = new Stock();
  private final TreeMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
  private CatalogReader catalog;

  @BeforeEach
  void write() throws Exception {
    for (int i = 0; i < 3000; i++) {
      CatalogEntry entry = Stock.file("file-" + i, i, ChunkList.EMPTY);
      entries.put(entry.path(), entry);
    }
    catalog = stock.catalog(entries.values());
    stock.reads();
  }

  @Test
  void find_ascending_readsEachChunkOnce() throws Exception {
    EntryFinder finder = new EntryFinder(catalog);
    for (EntryPath path : entries.keySet()) {
      assertEquals(Optional.of(entries.get(path)), finder.find(path));
    }
    assertEquals(stock.catalogChunks().size(), stock.reads());
  }

  @Test
  void find_ascendingWithSomeThatAreNotThere_findsTheOthersAndReadsOn() throws Exception {
    EntryFinder finder = new EntryFinder(catalog);
    for (EntryPath path : entries.keySet()) {
      assertEquals(Optional.of(entries.get(path)), finder.find(path));
      assertEquals(Optional.empty(), finder.find(EntryPath.of(path + "!")));
    }
    assertEquals(Optional.empty(), finder.find(EntryPath.of("z")));
    assertEquals(Optional.empty(), finder.find(EntryPath.of("zz")));
    assertEquals(Optional.of(entries.firstEntry().getValue()), finder.find(entries.firstKey()));
  }

  @Test
  void find_anyOrderAndTheSameAgain_isWhatAMapFinds() throws Exception {
    EntryFinder finder = new EntryFinder(catalog);
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      EntryPath path = EntryPath.of("file-" + random.nextInt(4000));
      for (int twice = 0; twice < 2; twice++) {
        assertEquals(Optional.ofNullable(entries.get(path)), finder.find(path));
      }
    }
  }

  /** A cursor that stands before damage may stand anywhere afterwards. */
  @Test
  void find_afterAFailure_startsAnew() throws Exception {
    EntryFinder finder = new EntryFinder(catalog);
    List<EntryPath> paths = List.copyOf(entries.keySet());
    finder.find(paths.get(0));
    List<ChunkRef> chunks = stock.catalogChunks();
    chunks.forEach(stock::lose);
    EntryPath last = paths.get(paths.size() - 1);
    assertThrows(ChunkMissingException.class, () -> finder.find(last));
    chunks.forEach(stock::find);
    for (EntryPath path : List.of(last, paths.get(0), paths.get(1500), last)) {
      assertEquals(Optional.ofNullable(entries.get(path)), finder.find(path));
    }
    assertTrue(stock.reads() > 0);
  }
}
