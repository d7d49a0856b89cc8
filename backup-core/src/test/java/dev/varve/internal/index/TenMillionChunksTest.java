package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.store.Store;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index of a size nobody wants in memory, in the 512 MB that tests run in; prints figures. */
@Tag("deep")
class TenMillionChunksTest {

  private static final int CHUNKS = 10_000_000;
  private static final int CHUNKS_PER_PACK = 32;
  private static final int LOOKUPS = 400_000;

  @TempDir Path directory;

  @Test
  void lookups_inTenMillionChunks_fitInASmallProcess() throws IOException {
    RunSeal seal = new RunSeal(RepositoryId.random(), RepositoryKeys.generate());
    try (Store store = DirectoryStore.open(directory.resolve("store"))) {
      List<RunName> names = storeRuns(store, seal);
      RunCache cache = RunCache.in(directory.resolve("cache"));
      RunShelf shelf = new RunShelf(store, seal, cache, IndexMemory.DEFAULT);
      List<Run> runs = new ArrayList<>();
      for (RunName name : names) {
        runs.add(shelf.open(name));
      }
      measure("unmerged", runs);

      long start = System.nanoTime();
      RunName name = RunName.random();
      try (SealedRun merged = new RunMerger(seal, pack -> false).merge(runs, name)) {
        assertEquals(CHUNKS, merged.chunks());
        store.create(name.key(), merged.body());
        shelf.adopt(merged);
      }
      print(
          "merged",
          "%d runs merged, stored and cached in %d ms".formatted(runs.size(), millis(start)));
      start = System.nanoTime();
      Run run = new RunShelf(store, seal, cache, IndexMemory.DEFAULT).open(name);
      assertTrue(run.anyCopy(id(0), place -> true));
      print(
          "merged",
          "%d bytes opened with the first lookup in %d ms"
              .formatted(run.storedBytes(), millis(start)));
      measure("merged", List.of(run));
    }
  }

  private static void measure(String what, List<Run> runs) throws IOException {
    long heapBefore = heap();
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.replace(runs);
    SplittableRandom random = new SplittableRandom(99);
    for (int round = 0; round < 3; round++) {
      hits(what, index, random);
    }
    for (int round = 0; round < 4; round++) {
      long start = System.nanoTime();
      long processor = processor();
      int found = 0;
      for (int i = 0; i < LOOKUPS; i++) {
        found += index.contains(id(CHUNKS + random.nextLong(1L << 40)), pack -> true) ? 1 : 0;
      }
      print(
          what,
          "%s a miss, filters of %d bytes"
              .formatted(each(start, processor), index.counts().filterBytes()));
      assertEquals(0, found);
    }
    hits(what, index, random);
    print(what, "%d kB of heap more than before".formatted((heap() - heapBefore) >> 10));
    assertEquals(CHUNKS, index.counts().chunks());
  }

  private static void hits(String what, ChunkIndex index, SplittableRandom random)
      throws IOException {
    long start = System.nanoTime();
    long processor = processor();
    for (int i = 0; i < LOOKUPS; i++) {
      int chunk = random.nextInt(CHUNKS);
      assertEquals(location(chunk), index.find(id(chunk)).orElseThrow());
    }
    print(what, each(start, processor) + " a hit");
  }

  private List<RunName> storeRuns(Store store, RunSeal seal) throws IOException {
    long start = System.nanoTime();
    List<RunName> names = new ArrayList<>();
    for (int chunk = 0; chunk < CHUNKS; ) {
      RunWriter writer = new RunWriter();
      for (; chunk < CHUNKS && !writer.isFull(); chunk++) {
        if (chunk % CHUNKS_PER_PACK == 0) {
          writer.pack(
              new PackEntry(
                  pack(chunk), PackKind.DATA, 16 << 20, new byte[32], 0, 1, new byte[72]));
        }
        writer.chunk(id(chunk), location(chunk));
      }
      SealedRun run = writer.seal(RunName.random(), seal);
      store.create(run.name().key(), run.body());
      names.add(run.name());
    }
    print("unmerged", "%d runs made and stored in %d ms".formatted(names.size(), millis(start)));
    return names;
  }

  private static ChunkId id(long chunk) {
    SplittableRandom random = new SplittableRandom(chunk);
    byte[] bytes = new byte[ChunkId.BYTES];
    random.nextBytes(bytes);
    return ChunkId.at(bytes, 0);
  }

  private static PackName pack(int chunk) {
    SplittableRandom random = new SplittableRandom(~(long) (chunk / CHUNKS_PER_PACK));
    return new PackName(random.nextLong(), random.nextLong());
  }

  private static ChunkLocation location(int chunk) {
    int inPack = chunk % CHUNKS_PER_PACK;
    return new ChunkLocation(
        pack(chunk), inPack / 4, inPack / 4 * 2_000_000L, 1_900_000, inPack % 4 << 19, 1 << 19);
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** What one lookup cost, by the clock and of the processor, which others may use meanwhile. */
  private static String each(long start, long startProcessor) {
    double clock = (System.nanoTime() - start) / 1000.0 / LOOKUPS;
    double own = (processor() - startProcessor) / 1000.0 / LOOKUPS;
    return String.format("%.2f us (%.2f us of the processor)", clock, own);
  }

  private static long processor() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String what, String found) {
    System.out.println("10^7 chunks, " + what + ": " + found);
  }
}
