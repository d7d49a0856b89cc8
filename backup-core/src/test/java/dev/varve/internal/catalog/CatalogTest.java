package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CatalogTest {

  private final MemoryChunks chunks = new MemoryChunks();

  @Property(tries = 30)
  void cursor_anyEntries_areReadAsWritten(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = hostile(seed, new Random(seed).nextInt(2000));

    CatalogReader reader = write(entries);

    assertEquals(List.copyOf(entries.values()), Entries.all(reader.cursor()));
    assertEquals(entries.size(), reader.root().entries());
  }

  @Property(tries = 30)
  void find_anyPath_isWhatAMapFinds(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = hostile(seed, 1500);
    CatalogReader reader = write(entries);
    Random random = new Random(seed + 1);
    for (int i = 0; i < 40; i++) {
      EntryPath path = somePath(entries, random);
      assertEquals(Optional.ofNullable(entries.get(path)), reader.find(path));
    }
  }

  @Property(tries = 30)
  void cursorFrom_anyPath_showsTheTailOfAMap(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = hostile(seed, 1500);
    CatalogReader reader = write(entries);
    Random random = new Random(seed + 1);
    for (int i = 0; i < 5; i++) {
      EntryPath path = somePath(entries, random);
      assertEquals(
          List.copyOf(entries.tailMap(path).values()), Entries.all(reader.cursorFrom(path)));
    }
  }

  @Property(tries = 30)
  void cursorBelow_anyPath_showsItAndAllBelow(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = hostile(seed, 1500);
    CatalogReader reader = write(entries);
    Random random = new Random(seed + 1);
    for (int i = 0; i < 20; i++) {
      EntryPath top = beginning(somePath(entries, random), random);
      List<CatalogEntry> expected = new ArrayList<>(entries.values());
      expected.removeIf(entry -> !entry.path().isAtOrBelow(top));
      assertEquals(expected, Entries.all(reader.cursorBelow(top)), "below " + top);
    }
  }

  @Property(tries = 30)
  void skipTo_anyAscendingPaths_landsWhereAMapDoes(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = hostile(seed, 1500);
    CatalogCursor cursor = write(entries).cursor();
    Random random = new Random(seed + 1);
    NavigableMap<EntryPath, CatalogEntry> rest = new TreeMap<>(entries);
    for (int i = 0; i < 20 && !rest.isEmpty(); i++) {
      EntryPath path = somePath(rest, random);
      cursor.skipTo(path);
      rest = new TreeMap<>(rest.tailMap(path));
      assertEquals(Optional.ofNullable(rest.firstEntry()).map(Map.Entry::getValue), cursor.next());
      rest.pollFirstEntry();
    }
  }

  @Property(tries = 10)
  void write_sameEntriesAgain_addsNothing(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = hostile(seed, 2000);
    CatalogRoot first = write(entries).root();
    chunks.count();

    assertEquals(first, write(entries).root());
    assertEquals(0, chunks.added());
  }

  @Test
  void cursor_emptyCatalog_showsNothing() throws Exception {
    CatalogReader reader = write(new TreeMap<>());

    assertEquals(CatalogRoot.EMPTY, reader.root());
    assertEquals(Optional.empty(), reader.cursor().next());
    assertEquals(Optional.empty(), reader.find(EntryPath.of("a")));
    assertEquals(Optional.empty(), reader.cursorBelow(EntryPath.of("a")).next());
  }

  @Test
  void cursor_atTheEnd_staysThere() throws Exception {
    CatalogCursor cursor = write(Entries.tree(1, 3)).cursor();
    Entries.all(cursor);

    cursor.skipTo(EntryPath.of("a"));

    assertEquals(Optional.empty(), cursor.next());
    assertEquals(Optional.empty(), cursor.next());
  }

  @Test
  void cursorBelow_siblingsThatSortBetween_areNotRead() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      Entries.put(entries, Entries.file("a-b/" + i, i));
    }
    Entries.put(entries, Entries.file("a", 1));
    Entries.put(entries, Entries.file("a/b", 2));
    CatalogReader reader = write(entries);
    chunks.count();

    assertEquals(2, Entries.all(reader.cursorBelow(EntryPath.of("a"))).size());
    assertTrue(chunks.reads() <= 4, chunks.reads() + " chunks read");
  }

  @Test
  void cursorBelow_longestPath_isThatEntryAlone() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    String longest = "x".repeat(EntryPath.MAX_BYTES);
    Entries.put(entries, Entries.file(longest, 1));
    Entries.put(entries, Entries.file("y", 2));

    CatalogReader reader = write(entries);

    assertEquals(1, Entries.all(reader.cursorBelow(EntryPath.of(longest))).size());
  }

  @Test
  void find_amongManyEntries_readsOneChunkOfEachLevel() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(2, 200_000);
    CatalogReader reader = write(entries);
    int depth = reader.root().fences().depth();
    assertTrue(depth >= 2, "depth " + depth);
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      EntryPath path = somePath(entries, random);
      chunks.count();
      assertEquals(Optional.ofNullable(entries.get(path)), reader.find(path));
      assertTrue(chunks.reads() <= depth + 2, chunks.reads() + " chunks read");
    }
  }

  @Test
  void add_pathThatDoesNotAscend_isRefusedNamingBoth() throws Exception {
    for (String second : List.of("b/c", "b/b", "a")) {
      CatalogWriter writer = new CatalogWriter(chunks, Entries.CUTS);
      writer.add(Entries.file("b/c", 1));

      Exception refused =
          assertThrows(IllegalArgumentException.class, () -> writer.add(Entries.file(second, 2)));
      assertTrue(refused.toString().contains("'b/c'"));
      assertTrue(refused.toString().contains("'" + second + "'"));
    }
  }

  @Test
  void finish_root_countsEntriesAndSizes() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(1, 1000);

    CatalogRoot root = write(entries).root();

    assertEquals(1000, root.entries());
    assertEquals(entries.values().stream().mapToLong(e -> e.entry().size()).sum(), root.bytes());
  }

  @Test
  void content_listThatCannotBe_isRefused() {
    CatalogEntry file = Entries.file("a", 1);

    assertThrows(
        IllegalArgumentException.class,
        () -> new CatalogEntry(file.entry(), new ChunkList(1, List.of()), false));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CatalogEntry(file.entry(), new ChunkList(9, file.content().refs()), false));
  }

  private CatalogReader write(NavigableMap<EntryPath, CatalogEntry> entries) throws IOException {
    return new CatalogReader(chunks, Entries.write(chunks, entries.values()));
  }

  private static NavigableMap<EntryPath, CatalogEntry> hostile(long seed, int count) {
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Entries.put(entries, Entries.any(random));
    }
    return entries;
  }

  /** One that is there, or one that is not. */
  private static EntryPath somePath(NavigableMap<EntryPath, CatalogEntry> entries, Random random) {
    EntryPath some = Entries.any(random).path();
    EntryPath floor = Optional.ofNullable(entries.floorKey(some)).orElse(some);
    return random.nextInt(3) == 0 ? some : floor;
  }

  private static EntryPath beginning(EntryPath path, Random random) {
    return EntryPath.ofBytes(Arrays.copyOf(path.bytes(), 1 + random.nextInt(path.length())));
  }
}
