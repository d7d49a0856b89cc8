package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
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

class ReachableChunksTest {

  private MemoryChunks chunks = new MemoryChunks();

  @Property(tries = 20)
  void next_anyCatalog_showsEveryChunkWithThePathThatNeedsIt(@ForAll long seed) throws Exception {
    chunks = new MemoryChunks();
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(seed, random.nextInt(3000));
    List<ReachableChunk> data = new ArrayList<>();
    entries.replaceAll((path, entry) -> random.nextInt(500) == 0 ? large(path, random) : entry);
    for (CatalogEntry entry : entries.values()) {
      ContentCursor content = new ContentCursor(chunks, entry.content());
      for (Optional<ChunkRef> r = content.next(); r.isPresent(); r = content.next()) {
        data.add(new ReachableChunk(ChunkKind.DATA, r.get(), Optional.of(entry.path())));
      }
    }
    CatalogReader reader = write(entries);

    List<ReachableChunk> all = all(new ReachableChunks(reader));

    assertEquals(data, all.stream().filter(c -> c.kind() == ChunkKind.DATA).toList());
    Set<ReachableChunk> own = new HashSet<>(all);
    own.removeIf(c -> c.kind() == ChunkKind.DATA);
    assertEquals(chunks.size(), own.size());
    long topmost = all.stream().filter(c -> c.path().isEmpty()).count();
    assertEquals(entries.isEmpty() ? 0 : 1, topmost);
  }

  @Test
  void skip_chunkThatIsKnown_readsNothingBelowIt() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(1, 20_000);
    Set<ChunkRef> known = new HashSet<>();
    all(new ReachableChunks(write(entries))).forEach(c -> known.add(c.ref()));
    Entries.put(entries, Entries.file("srv/new", 1));
    CatalogReader second = write(entries);
    chunks.count();

    List<ReachableChunk> fresh = new ArrayList<>();
    ReachableChunks reachable = new ReachableChunks(second);
    for (Optional<ReachableChunk> c = reachable.next(); c.isPresent(); c = reachable.next()) {
      if (!known.add(c.get().ref())) {
        reachable.skip();
      } else {
        fresh.add(c.get());
      }
    }

    assertEquals(2, chunks.reads());
    assertEquals(3, fresh.size());
    assertEquals(Optional.of(EntryPath.of("srv/new")), fresh.get(2).path());
  }

  @Test
  void skip_list_showsNothingOfItAndGoesOn() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    Entries.put(entries, large(EntryPath.of("a"), new Random(1)));
    Entries.put(entries, Entries.file("b", 1));
    ReachableChunks reachable = new ReachableChunks(write(entries));
    List<ReachableChunk> shown = new ArrayList<>();
    for (Optional<ReachableChunk> c = reachable.next(); c.isPresent(); c = reachable.next()) {
      shown.add(c.get());
      if (c.get().kind() == ChunkKind.LIST) {
        reachable.skip();
      }
    }

    assertEquals(
        List.of(ChunkKind.CATALOG, ChunkKind.LIST, ChunkKind.DATA),
        shown.stream().map(ReachableChunk::kind).toList());
  }

  @Test
  void next_chunksLost_throwsOnceForEachAndShowsTheRest() throws Exception {
    NavigableMap<EntryPath, CatalogEntry> entries = Entries.tree(1, 20_000);
    List<EntryPath> paths = List.copyOf(entries.keySet());
    Entries.put(entries, large(paths.get(0), new Random(1)));
    Entries.put(entries, large(paths.get(19_999), new Random(2)));
    CatalogReader reader = write(entries);
    List<ReachableChunk> all = all(new ReachableChunks(reader));
    List<ReachableChunk> lost = new ArrayList<>();
    for (int i = 5; i < all.size() - 5_000; i++) {
      boolean list = all.get(i).kind() == ChunkKind.LIST;
      boolean own = all.get(i).kind() == ChunkKind.CATALOG;
      if ((own && lost.size() < 4) || (list && i < 1000)) {
        lost.add(all.get(i));
        chunks.lose(all.get(i).kind(), all.get(i).ref());
      }
    }
    assertTrue(lost.size() >= 3, lost.toString());

    ReachableChunks reachable = new ReachableChunks(reader);
    List<ReachableChunk> failed = new ArrayList<>();
    List<ReachableChunk> shown = new ArrayList<>();
    boolean more = true;
    while (more) {
      try {
        Optional<ReachableChunk> chunk = reachable.next();
        chunk.ifPresent(shown::add);
        more = chunk.isPresent();
      } catch (ChunkMissingException e) {
        ReachableChunk unreadable = shown.get(shown.size() - 1);
        failed.add(unreadable);
        if (unreadable.kind() == ChunkKind.CATALOG) {
          EntryPath end = reachable.end().orElseThrow();
          assertTrue(end.compareTo(unreadable.path().orElseThrow()) > 0);
        }
      }
    }

    assertEquals(lost, failed);
    assertEquals(all.get(all.size() - 1), shown.get(shown.size() - 1));
    assertTrue(shown.size() > 10_000);
  }

  @Test
  void end_lastChunk_isOpen() throws Exception {
    CatalogReader reader = write(Entries.tree(1, 10));
    ReachableChunks reachable = new ReachableChunks(reader);
    reachable.next();

    assertEquals(Optional.empty(), reachable.end());
    assertEquals(
        Optional.empty(), new ReachableChunks(new CatalogReader(chunks, CatalogRoot.EMPTY)).next());
  }

  /** A file of so many chunks that it needs lists. */
  private CatalogEntry large(EntryPath path, Random random) {
    ContentListWriter list = new ContentListWriter(chunks);
    long size = 0;
    try {
      for (int i = 0; i < 400; i++) {
        ChunkRef ref = Entries.ref(random);
        list.add(ref);
        size += ref.length();
      }
      ChunkList content = list.finish();
      Entry entry = Entry.builder(path, EntryKind.FILE).size(size).build();
      return new CatalogEntry(entry, content, false);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private CatalogReader write(NavigableMap<EntryPath, CatalogEntry> entries) throws IOException {
    return new CatalogReader(chunks, Entries.write(chunks, entries.values()));
  }

  private static List<ReachableChunk> all(ReachableChunks reachable) throws IOException {
    List<ReachableChunk> all = new ArrayList<>();
    for (Optional<ReachableChunk> c = reachable.next(); c.isPresent(); c = reachable.next()) {
      all.add(c.get());
    }
    return all;
  }
}
