package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.internal.format.ChunkList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CatalogDiffTest {

  private final MemoryChunks chunks = new MemoryChunks();

  @Property(tries = 40)
  void next_anyTwoCatalogs_showsWhatANaiveComparisonShows(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> before = new TreeMap<>();
    for (int i = random.nextInt(4000); i > 0; i--) {
      Entries.put(before, Entries.any(random));
    }
    NavigableMap<EntryPath, CatalogEntry> after = new TreeMap<>(before);
    for (int i = random.nextInt(4) == 0 ? 0 : random.nextInt(60); i > 0; i--) {
      edit(after, random);
    }

    assertEquals(naive(before, after), diff(before, after));
    assertEquals(naive(after, before), diff(after, before));
  }

  @Property(tries = 2)
  void next_fewEditsInATallCatalog_showsThemAndReadsLittle(@ForAll long seed) throws Exception {
    NavigableMap<EntryPath, CatalogEntry> before = Entries.tree(2, 200_000);
    NavigableMap<EntryPath, CatalogEntry> after = new TreeMap<>(before);
    Random random = new Random(seed);
    int edits = 10;
    for (int i = 0; i < edits; i++) {
      edit(after, random);
    }
    CatalogReader left = write(before);
    CatalogReader right = write(after);
    assertTrue(left.root().fences().depth() > 1);
    chunks.count();

    assertEquals(naive(before, after), all(new CatalogDiff(left, right)));
    assertTrue(chunks.reads() <= edits * 3 * 4, chunks.reads() + " chunks read");
  }

  @Test
  void next_equalCatalogs_readsNothing() throws Exception {
    CatalogReader reader = write(Entries.tree(1, 5000));
    chunks.count();

    assertEquals(List.of(), all(new CatalogDiff(reader, reader)));
    assertEquals(0, chunks.reads());
  }

  @Test
  void next_nothingInCommon_showsAllOfBoth() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> before = Entries.tree(1, 3000);
    NavigableMap<EntryPath, CatalogEntry> after = Entries.tree(2, 3000);

    assertEquals(naive(before, after), diff(before, after));
    assertEquals(3000, diff(before, new TreeMap<>()).size());
    assertEquals(3000, diff(new TreeMap<>(), after).size());
    assertEquals(List.of(), diff(new TreeMap<>(), new TreeMap<>()));
  }

  @Test
  void next_onlyRevisionOrProblemDiffers_showsNothing() throws Exception {
    CatalogEntry file = Entries.file("a", 1);
    Entry other = file.entry().toBuilder().revision(Revision.of(new byte[] {1})).build();

    assertEquals(List.of(), diff(only(file), only(new CatalogEntry(other, file.content(), true))));
  }

  @Test
  void contentChanged_sidesOrContentDiffer_isTrueAndOtherwiseNot() throws Exception {
    CatalogEntry file = Entries.file("a", 1);
    CatalogEntry otherContent =
        new CatalogEntry(file.entry(), Entries.file("a", 2).content(), false);
    CatalogEntry linked =
        new CatalogEntry(file.entry().toBuilder().hardLinkGroup(5).build(), file.content(), false);
    CatalogEntry empty =
        new CatalogEntry(file.entry().toBuilder().size(0).build(), ChunkList.EMPTY, false);

    assertTrue(diff(only(file), only(otherContent)).get(0).toDifference().contentChanged());
    assertFalse(diff(only(file), only(linked)).get(0).toDifference().contentChanged());
    assertTrue(diff(only(file), only(empty)).get(0).toDifference().contentChanged());
    assertTrue(diff(new TreeMap<>(), only(empty)).get(0).toDifference().contentChanged());
    assertEquals(
        Optional.of(linked.entry()), diff(only(file), only(linked)).get(0).toDifference().after());
  }

  private static void edit(NavigableMap<EntryPath, CatalogEntry> entries, Random random) {
    EntryPath some = Entries.any(random).path();
    EntryPath path = Optional.ofNullable(entries.ceilingKey(some)).orElse(some);
    switch (random.nextInt(4)) {
      case 0 -> entries.remove(path);
      case 1 -> Entries.put(entries, Entries.any(path, random));
      case 2 -> Entries.put(entries, Entries.any(some, random));
      default -> {
        // A whole stretch goes.
        EntryPath end = path;
        for (int i = random.nextInt(1500); i > 0 && entries.higherKey(end) != null; i--) {
          end = entries.higherKey(end);
        }
        if (random.nextInt(4) == 0) {
          entries.subMap(path, end).clear();
        }
      }
    }
  }

  private static NavigableMap<EntryPath, CatalogEntry> only(CatalogEntry entry) {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    Entries.put(entries, entry);
    return entries;
  }

  private static List<EntryChange> naive(
      NavigableMap<EntryPath, CatalogEntry> before, NavigableMap<EntryPath, CatalogEntry> after) {
    TreeSet<EntryPath> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<EntryChange> changes = new ArrayList<>();
    for (EntryPath path : paths) {
      Optional<CatalogEntry> left = Optional.ofNullable(before.get(path));
      Optional<CatalogEntry> right = Optional.ofNullable(after.get(path));
      if (!left.map(CatalogDiffTest::visible).equals(right.map(CatalogDiffTest::visible))) {
        changes.add(new EntryChange(left, right));
      }
    }
    return changes;
  }

  private static CatalogEntry visible(CatalogEntry entry) {
    Entry plain = entry.entry().toBuilder().withoutRevision().build();
    return new CatalogEntry(plain, entry.content(), false);
  }

  private List<EntryChange> diff(
      NavigableMap<EntryPath, CatalogEntry> before, NavigableMap<EntryPath, CatalogEntry> after)
      throws IOException {
    return all(new CatalogDiff(write(before), write(after)));
  }

  private static List<EntryChange> all(CatalogDiff diff) throws IOException {
    List<EntryChange> changes = new ArrayList<>();
    for (Optional<EntryChange> c = diff.next(); c.isPresent(); c = diff.next()) {
      changes.add(c.get());
    }
    return changes;
  }

  private CatalogReader write(NavigableMap<EntryPath, CatalogEntry> entries) throws IOException {
    return new CatalogReader(chunks, Entries.write(chunks, entries.values()));
  }
}
