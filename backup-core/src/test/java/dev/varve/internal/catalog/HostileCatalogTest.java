package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Catalogs whose chunks carry right ids and wrong bytes: a faulty or malicious writer's. */
class HostileCatalogTest {

  private final MemoryChunks chunks = new MemoryChunks();
  private final List<ChunkRef> all = new ArrayList<>();

  @Test
  void read_anyBitOfAnyChunkFlipped_givesAscendingEntriesOrFormatException() throws Exception {
    CatalogRoot root = threeLevels();
    int refused = 0;
    int tried = 0;
    for (ChunkRef ref : all) {
      byte[] good = chunks.get(ChunkKind.CATALOG, ref);
      for (int bit = 0; bit < good.length * 8; bit++) {
        byte[] bad = good.clone();
        bad[bit >> 3] ^= (byte) (1 << (bit & 7));
        chunks.replace(ChunkKind.CATALOG, ref, bad);
        tried++;
        refused += readEverything(root) ? 0 : 1;
      }
      chunks.replace(ChunkKind.CATALOG, ref, good);
    }
    assertTrue(readEverything(root));
    assertTrue(refused > tried / 10, refused + " of " + tried + " refused");
  }

  @Test
  void read_anyChunkTruncatedOrLengthened_givesAscendingEntriesOrFormatException()
      throws Exception {
    CatalogRoot root = threeLevels();
    for (ChunkRef ref : all) {
      byte[] good = chunks.get(ChunkKind.CATALOG, ref);
      for (int length = 0; length < good.length + 3; length++) {
        if (length != good.length) {
          chunks.replace(ChunkKind.CATALOG, ref, Arrays.copyOf(good, length));
          boolean read = readEverything(root);
          assertTrue(length > 1 || !read, "a chunk of " + length + " bytes was read");
        }
      }
      chunks.replace(ChunkKind.CATALOG, ref, good);
    }
  }

  @Test
  void read_chunkInAnothersPlace_isRefused() throws Exception {
    CatalogRoot root = threeLevels();
    for (ChunkRef one : all) {
      byte[] good = chunks.get(ChunkKind.CATALOG, one);
      for (ChunkRef other : all) {
        if (!one.equals(other) && !one.equals(root.fences().refs().get(0))) {
          chunks.replace(ChunkKind.CATALOG, one, chunks.get(ChunkKind.CATALOG, other));
          assertThrows(FormatException.class, () -> cursor(root), one + " became " + other);
          chunks.replace(ChunkKind.CATALOG, one, good);
        }
      }
    }
  }

  @Test
  void read_chunkThatReachesIntoTheNext_isRefused() throws Exception {
    CatalogRoot root = root(1, fences(1, fence("a", leaf("a", "c")), fence("b", leaf("b"))), 3);

    Exception refused = assertThrows(FormatException.class, () -> cursor(root));
    assertEquals("The catalog's 'b' comes after 'c'", refused.getMessage());
  }

  @Test
  void read_fencesBelowThatReachBehindThoseAbove_areRefused() throws Exception {
    ChunkRef low = fences(1, fence("a", leaf("a")), fence("z", leaf("z")));
    ChunkRef high = fences(1, fence("m", leaf("m")));
    CatalogRoot root = root(2, fences(2, fence("a", low), fence("m", high)), 3);

    assertThrows(FormatException.class, () -> cursor(root));
  }

  @Test
  void read_rootThatCannotBe_isRefused() throws Exception {
    ChunkRef leaf = leaf("a");

    refuse(new CatalogRoot(new ChunkList(0, List.of(leaf, leaf)), 2, 0));
    refuse(new CatalogRoot(new ChunkList(0, List.of()), 2, 0));
    refuse(new CatalogRoot(new ChunkList(0, List.of(leaf)), 0, 0));
    refuse(new CatalogRoot(new ChunkList(9, List.of(leaf)), 1, 0));
  }

  @Test
  void read_chunkLongerThanAnyWritten_isRefusedUnread() throws Exception {
    ChunkRef tooLong = new ChunkRef(leaf("a").id(), Chunks.MAX_BYTES + 1);
    CatalogRoot root = new CatalogRoot(new ChunkList(0, List.of(tooLong)), 1, 0);
    chunks.count();

    assertThrows(FormatException.class, () -> cursor(root));
    assertEquals(0, chunks.reads());
  }

  @Test
  void read_shortChunkOfVeryManyLongPaths_needsLittleMemory() throws Exception {
    // Some ten bytes an entry, each of which becomes a path of 32 KiB: 2 GiB if they were kept.
    byte[] path = new byte[EntryPath.MAX_BYTES];
    Arrays.fill(path, (byte) 'x');
    Encoder out = new Encoder(1 << 20).u8(0);
    PathEncoder paths = new PathEncoder();
    for (int i = 0; i < 1 << 16; i++) {
      path[path.length - 2] = (byte) (1 + i / 255);
      path[path.length - 1] = (byte) (1 + i % 255);
      if (i / 255 < 255) {
        paths.write(out, path.clone());
        out.u8(4).varint(0);
      }
    }
    int entries = 0;
    CatalogRoot root = root(0, put(out), 1);
    CatalogCursor cursor = new CatalogReader(chunks, root).cursor();
    while (cursor.next().isPresent()) {
      entries++;
    }
    assertEquals(255 * 255, entries);
  }

  @Test
  void at_chunkOfThePreviousCatalogLost_throwsOnceAndGoesOnBehindIt() throws Exception {
    CatalogRoot root = threeLevels();
    chunks.lose(ChunkKind.CATALOG, all.get(0));
    PreviousEntries previous = new PreviousEntries(new CatalogReader(chunks, root));

    assertThrows(IOException.class, () -> previous.at(EntryPath.of("a")));
    assertEquals(Optional.empty(), previous.at(EntryPath.of("b")));
    assertTrue(previous.at(EntryPath.of("d")).isPresent());
  }

  /** Reads all of a catalog in every way; says whether nothing was refused. */
  private boolean readEverything(CatalogRoot root) throws IOException {
    CatalogReader reader = new CatalogReader(chunks, root);
    boolean fine = true;
    fine &= isRead(() -> cursor(root));
    fine &= isRead(() -> reader.find(EntryPath.of("f")));
    fine &= isRead(() -> Entries.all(reader.cursorBelow(EntryPath.of("g"))));
    fine &= isRead(() -> new PreviousEntries(reader).at(EntryPath.of("h")));
    CatalogReader empty = new CatalogReader(chunks, CatalogRoot.EMPTY);
    fine &=
        isRead(
            () -> {
              CatalogDiff diff = new CatalogDiff(empty, reader);
              while (diff.next().isPresent()) {}
            });
    ReachableChunks reachable = new ReachableChunks(reader);
    for (int i = 0; i < 100; i++) {
      boolean[] more = {true};
      fine &= isRead(() -> more[0] = reachable.next().isPresent());
      if (!more[0]) {
        return fine;
      }
    }
    throw new AssertionError("The walk does not end");
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static boolean isRead(Reading reading) throws IOException {
    try {
      reading.run();
      return true;
    } catch (FormatException | ChunkMissingException refused) {
      return false;
    }
  }

  private void cursor(CatalogRoot root) throws IOException {
    List<CatalogEntry> entries = Entries.all(new CatalogReader(chunks, root).cursor());
    for (int i = 1; i < entries.size(); i++) {
      assertTrue(entries.get(i - 1).path().compareTo(entries.get(i).path()) < 0);
    }
  }

  private void refuse(CatalogRoot root) {
    assertThrows(FormatException.class, () -> cursor(root));
  }

  /** Entries a to h in four chunks, all of which are remembered. */
  private CatalogRoot threeLevels() {
    ChunkRef ab = leaf("a", "b", "c");
    ChunkRef de = leaf("d", "e");
    ChunkRef f = leaf("f", "f/g");
    ChunkRef gh = leaf("g/", "g/i", "h");
    ChunkRef left = fences(1, fence("a", ab), fence("d", de));
    ChunkRef right = fences(1, fence("f", f), fence("g/", gh));
    ChunkRef top = fences(2, fence("a", left), fence("f", right));
    all.addAll(List.of(ab, de, f, gh, left, right, top));
    return root(2, top, 10);
  }

  private static CatalogRoot root(int depth, ChunkRef top, long entries) {
    return new CatalogRoot(new ChunkList(depth, List.of(top)), entries, 0);
  }

  private ChunkRef leaf(String... paths) {
    EntryEncoder encoder = new EntryEncoder();
    for (String path : paths) {
      CatalogEntry entry = Entries.file(path, path.hashCode());
      encoder.add(entry, entry.path().bytes());
    }
    return chunks.put(ChunkKind.CATALOG, encoder.array(), 0, encoder.length());
  }

  private static Fence fence(String first, ChunkRef ref) {
    return new Fence(EntryPath.of(first), ref);
  }

  private ChunkRef fences(int level, Fence... fences) {
    Encoder out = new Encoder(100).u8(level);
    PathEncoder paths = new PathEncoder();
    for (Fence fence : fences) {
      paths.write(out, fence.first().bytes());
      fence.ref().write(out);
    }
    return put(out);
  }

  private ChunkRef put(Encoder out) {
    return chunks.put(ChunkKind.CATALOG, out.array(), 0, out.length());
  }
}
