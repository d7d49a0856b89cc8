package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What of a catalog can be read is shown, and every stretch that cannot be is named. */
class LostStretchesTest {

  private record Stretch(EntryPath from, Optional<EntryPath> before) {
    boolean holds(EntryPath path) {
      return from.compareTo(path) <= 0 && before.map(end -> path.compareTo(end) < 0).orElse(true);
    }
  }

  private final Stock stock = new Stock();
  private final TreeMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<EntryPath> shown = new ArrayList<>();

  private CatalogReader catalog(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      CatalogEntry entry = Stock.file("d" + i % 100 + "/file-" + i, i, ChunkList.EMPTY);
      entries.put(entry.path(), entry);
    }
    return stock.catalog(entries.values());
  }

  private List<EntryPath> shown(CatalogReader catalog) throws IOException {
    stretches.clear();
    shown.clear();
    Selection.Cursor cursor =
        LostStretches.persevering(
            catalog.cursor(),
            (from, before, reason) -> {
              assertEquals("lost", reason);
              stretches.add(new Stretch(from, before));
            });
    for (Optional<CatalogEntry> e = cursor.next(); e.isPresent(); e = cursor.next()) {
      shown.add(e.get().path());
    }
    return shown;
  }

  @Test
  void persevering_anyChunksLost_showsAllElseAndNamesTheStretches() throws Exception {
    CatalogReader catalog = catalog(4000);
    List<ChunkRef> chunks = stock.catalogChunks();
    assertTrue(chunks.size() > 5, chunks.size() + " chunks");
    int tried = 0;
    for (int step = 1; step <= chunks.size() && tried < 60; step++) {
      for (int first = 0; first < step && tried < 60; first++, tried++) {
        List<ChunkRef> gone = new ArrayList<>();
        for (int i = first; i < chunks.size(); i += step) {
          gone.add(chunks.get(i));
        }
        gone.forEach(stock::lose);
        assertNamesWhatIsLost(catalog);
        gone.forEach(stock::find);
      }
    }
    assertEquals(List.copyOf(entries.keySet()), shown(catalog));
    assertEquals(List.of(), stretches);
  }

  private void assertNamesWhatIsLost(CatalogReader catalog) throws IOException {
    try {
      shown(catalog);
    } catch (ChunkMissingException nothing) {
      assertEquals("lost", nothing.getMessage());
      assertEquals(List.of(), shown, "it fails only if nothing at all can be read");
      assertEquals(List.of(), stretches);
      return;
    }
    assertFalse(stretches.isEmpty());
    List<EntryPath> expected = new ArrayList<>(entries.keySet());
    expected.removeIf(path -> stretches.stream().anyMatch(stretch -> stretch.holds(path)));
    assertEquals(expected, shown);
  }

  /** A restore of nothing that ends well would look like one of an empty snapshot. */
  @Test
  void persevering_nothingReadable_fails() throws Exception {
    CatalogReader catalog = catalog(10);
    stock.catalogChunks().forEach(stock::lose);
    assertThrows(ChunkMissingException.class, () -> shown(catalog));
    assertEquals(List.of(), stretches);
  }

  @Test
  void persevering_allButTheFencesLost_namesEverythingAndEnds() throws Exception {
    CatalogReader catalog = catalog(4000);
    List<ChunkRef> chunks = stock.catalogChunks();
    chunks.subList(0, chunks.size() - 1).forEach(stock::lose);
    assertEquals(List.of(), shown(catalog));
    assertEquals(
        entries.size(),
        entries.keySet().stream()
            .filter(path -> stretches.stream().anyMatch(stretch -> stretch.holds(path)))
            .count());
  }
}
