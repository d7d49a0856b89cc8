package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is written again when something changed. */
class CatalogCutsTest {

  private static final int MANY = 100_000;

  private final MemoryChunks chunks = new MemoryChunks();

  @Test
  void write_oneEntryChangedAddedOrRemoved_addsOneChunkOfEachLevel() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(1, MANY);
    int depth = Entries.write(chunks, entries.values()).fences().depth();
    List<EntryPath> paths = List.copyOf(entries.keySet());
    Random random = new Random(2);
    int edits = 60;
    int added = 0;
    for (int i = 0; i < edits; i++) {
      NavigableMap<EntryPath, CatalogEntry> edited = new TreeMap<>(entries);
      EntryPath path = paths.get(random.nextInt(MANY));
      switch (i % 3) {
        case 0 -> Entries.put(edited, Entries.asOnDisk(path, random));
        case 1 -> Entries.put(edited, Entries.asOnDisk(path.append(EntryPath.of("x")), random));
        default -> edited.remove(path);
      }
      chunks.count();
      Entries.write(chunks, edited.values());
      // An entry that is itself an anchor parts or joins two chunks when it comes or goes.
      assertTrue(chunks.added() <= 2 * (depth + 1), chunks.added() + " chunks added");
      assertTrue(i % 3 > 0 || chunks.added() <= depth + 1, chunks.added() + " chunks added");
      added += chunks.added();
    }
    assertTrue(added <= edits * (depth + 1) + 5, added + " chunks added by " + edits + " edits");
  }

  @Property(tries = 10)
  void write_anythingInFrontReplaced_keepsAllChunksFromTheNextAnchorOn(@ForAll long seed)
      throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(seed, 8000);
    List<EntryPath> paths = List.copyOf(entries.keySet());
    EntryPath end = paths.get(4000);
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> edited = new TreeMap<>(entries.tailMap(end));
    for (int i = random.nextInt(3000); i > 0; i--) {
      EntryPath path = EntryPath.of("srv/a" + random.nextInt());
      if (path.compareTo(end) < 0) {
        Entries.put(edited, Entries.any(path, random));
      }
    }
    Optional<EntryPath> anchor =
        entries.tailMap(end).keySet().stream()
            .filter(path -> Entries.CUTS.weight(path.bytes()) >= PathCuts.ENTRY_ANCHOR)
            .findFirst();

    Set<Fence> before = leaves(Entries.write(chunks, entries.values()), anchor.orElseThrow());
    Set<Fence> after = leaves(Entries.write(chunks, edited.values()), anchor.orElseThrow());

    assertTrue(before.size() > 1);
    assertEquals(before, after);
  }

  @Test
  void write_metadataOfEveryEntryChanged_cutsAtTheSamePaths() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>(Entries.tree(1, 20_000));
    Set<EntryPath> before = firsts(Entries.write(chunks, entries.values()));
    Random random = new Random(9);
    entries.replaceAll((path, entry) -> Entries.file(path.toString(), random.nextInt(1000)));
    Set<EntryPath> after = firsts(Entries.write(chunks, entries.values()));

    after.removeIf(path -> Entries.CUTS.weight(path.bytes()) < PathCuts.ENTRY_ANCHOR);
    before.removeIf(path -> Entries.CUTS.weight(path.bytes()) < PathCuts.ENTRY_ANCHOR);

    // The very first path begins a chunk without being an anchor.
    assertTrue(before.size() > 20);
    assertEquals(before, after);
  }

  @Test
  void write_plainEntries_averageIsNearSixtyFourKibibytes() throws Exception {
    CatalogRoot root = Entries.write(chunks, Entries.tree(1, MANY).values());

    long average = chunks.addedBytes() / leaves(root, Fence.LOWEST).size();

    assertTrue(average > 32 << 10 && average < 96 << 10, average + " bytes");
  }

  @Test
  void write_hugeEntries_staysWithinBounds() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    for (int i = 0; i < 2000; i++) {
      Entry small = Entries.file(String.format("%08d", i), i).entry();
      Attributes large = Attributes.none().with("large", new byte[60_000]);
      Entry entry = small.toBuilder().attributes(large).build();
      Entries.put(entries, new CatalogEntry(entry, Entries.file("x", i).content(), false));
    }

    CatalogRoot root = Entries.write(chunks, entries.values());

    for (Fence leaf : leaves(root, Fence.LOWEST)) {
      assertTrue(leaf.ref().length() < PathCuts.FULL_BYTES + 70_000, leaf.ref() + " too long");
    }
    assertEquals(
        List.copyOf(entries.values()), Entries.all(new CatalogReader(chunks, root).cursor()));
  }

  @Test
  void write_longNamesInHugeFences_staysWithinBounds() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    Random random = new Random(3);
    byte[] path = new byte[EntryPath.MAX_BYTES];
    for (int i = 0; i < 600; i++) {
      for (int j = 0; j < path.length; j++) {
        path[j] = (byte) (1 + random.nextInt(255));
      }
      Entries.put(entries, Entries.any(EntryPath.ofBytes(path), random));
    }

    CatalogRoot root = Entries.write(chunks, entries.values());

    assertEquals(
        List.copyOf(entries.values()), Entries.all(new CatalogReader(chunks, root).cursor()));
  }

  @Test
  void write_underAnotherKey_cutsElsewhere() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(1, 20_000);
    Set<EntryPath> one = firsts(Entries.write(chunks, entries.values()));
    CatalogWriter writer = new CatalogWriter(chunks, new PathCuts(new byte[32]));
    for (CatalogEntry entry : entries.values()) {
      writer.add(entry);
    }
    Set<EntryPath> other = firsts(writer.finish());

    one.retainAll(other);

    assertNotEquals(0, other.size());
    assertTrue(one.size() <= 3, one.size() + " cuts in common");
  }

  @Test
  void pathCuts_shortKey_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PathCuts(new byte[15]));
  }

  private Set<EntryPath> firsts(CatalogRoot root) throws IOException {
    Set<EntryPath> firsts = new HashSet<>();
    leaves(root, Fence.LOWEST).forEach(leaf -> firsts.add(leaf.first()));
    return firsts;
  }

  /** The chunks of entries that begin with {@code from} or later. */
  private Set<Fence> leaves(CatalogRoot root, EntryPath from) throws IOException {
    Set<Fence> leaves = new HashSet<>();
    List<Fence> all = new ArrayList<>();
    CatalogWalk walk = new CatalogWalk(chunks, root);
    while (!walk.atEnd()) {
      if (walk.atChunk() && walk.level() > 0) {
        walk.open();
      } else {
        all.add(walk.chunk());
        walk.pass();
      }
    }
    for (Fence leaf : all) {
      assertTrue(chunks.get(ChunkKind.CATALOG, leaf.ref()).length > 1);
      if (leaf.first().compareTo(from) >= 0) {
        leaves.add(leaf);
      }
    }
    return leaves;
  }
}
