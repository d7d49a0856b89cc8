package dev.varve.internal.chunkstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.store.ReadCache;
import dev.varve.internal.task.Threads;
import dev.varve.store.Store;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is put into a session can be read back, is kept once, and is proven before it is stored. */
class WriteSessionTest {

  private static final int LONGEST_CHUNK_BYTES = 1 << 20;

  private final MemoryStore store = new MemoryStore();
  private final RepositoryKeys keys = RepositoryKeys.generate();
  private final RepositoryId id = keys.repositoryId();
  private final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  private final PackKeys packKeys = new PackKeys(store, id, keys, index);
  private final Threads threads = Threads.start(2);

  @AfterEach
  void stop() {
    threads.close();
  }

  @Test
  void put_severalThreads_everyChunkReadsBack() throws Exception {
    List<byte[]> chunks = chunks(300, 7);
    List<ChunkRef> refs = new ArrayList<>();
    try (WriteSession session = session()) {
      ChunkSink one = session.sink();
      ChunkSink other = session.sink();
      for (int i = 0; i < chunks.size(); i++) {
        byte[] chunk = chunks.get(i);
        refs.add((i % 2 == 0 ? one : other).put(kind(i), chunk, 0, chunk.length));
      }
      session.drain();
      assertTrue(session.publish().packs().size() >= 2);
    }
    try (ChunkReader reader = new ChunkReader(store, ReadCache.none(), id, keys, index, packKeys)) {
      for (int i = 0; i < chunks.size(); i++) {
        assertArrayEquals(chunks.get(i), reader.get(kind(i), refs.get(i)));
      }
    }
  }

  @Test
  void put_sameChunkTwice_isStoredOnce() throws Exception {
    byte[] chunk = chunks(1, 3).get(0);
    long once;
    try (WriteSession session = session()) {
      session.sink().put(ChunkKind.DATA, chunk, 0, chunk.length);
      session.sink().put(ChunkKind.DATA, chunk, 0, chunk.length);
      session.drain();
      session.publish();
      once = store.totalBytes();
      assertEquals(1, session.volume().addedChunks());
      session.sink().put(ChunkKind.DATA, chunk, 0, chunk.length);
      session.drain();
      assertTrue(session.publish().packs().isEmpty());
    }
    assertEquals(once, store.totalBytes());
  }

  @Test
  void publish_packsAreInspected_footersAgreeWithTheIndex() throws Exception {
    List<PackEntry> packs;
    try (WriteSession session = session()) {
      ChunkSink sink = session.sink();
      for (byte[] chunk : chunks(200, 11)) {
        sink.put(ChunkKind.DATA, chunk, 0, chunk.length);
      }
      session.drain();
      packs = session.publish().packs();
    }
    try (PackInspector inspector = new PackInspector(store, id, keys, packKeys)) {
      for (PackEntry pack : packs) {
        List<FooterBlock> footer = inspector.footer(pack.name(), pack.kind(), pack.storedBytes());
        byte[] sha256 =
            inspector.verify(
                pack.name(),
                pack.kind(),
                pack.storedBytes(),
                footer,
                (block, reason) -> {
                  throw new AssertionError(reason);
                });
        assertArrayEquals(pack.sha256(), sha256);
        for (FooterBlock block : footer) {
          block.forEach(
              pack.name(), (kind, chunk, place) -> assertTrue(find(chunk).contains(place)));
        }
      }
    }
  }

  @Test
  void get_packDamaged_namesPackAndFails() throws Exception {
    byte[] chunk = chunks(1, 5).get(0);
    ChunkRef ref;
    PackName pack;
    try (WriteSession session = session()) {
      ref = session.sink().put(ChunkKind.DATA, chunk, 0, chunk.length);
      session.drain();
      pack = session.publish().packs().get(0).name();
    }
    int middle = (int) find(ref.id()).get(0).blockOffset() + 100;
    store.corrupt(
        pack.key(),
        bytes -> {
          bytes[middle] ^= 1;
          return bytes;
        });
    try (ChunkReader reader = new ChunkReader(store, ReadCache.none(), id, keys, index, packKeys)) {
      ChunkMissingException missing =
          assertThrows(ChunkMissingException.class, () -> reader.get(ChunkKind.DATA, ref));
      assertTrue(String.valueOf(missing.getMessage()).contains(pack.key()));
    }
  }

  @Test
  void storeFails_sessionFailsInsteadOfWaiting() throws Exception {
    threads.close();
    MemoryStore full = new MemoryStore();
    var failing = new FaultyStore(full, (number, call, key) -> Optional.of(FaultKind.NO_SPACE));
    Threads more = Threads.start(2);
    try (WriteSession session = session(failing, more)) {
      ChunkSink sink = session.sink();
      assertThrows(
          IOException.class,
          () -> {
            Random random = new Random(13);
            byte[] chunk = new byte[LONGEST_CHUNK_BYTES];
            for (int i = 0; i < 200; i++) {
              random.nextBytes(chunk);
              sink.put(ChunkKind.DATA, chunk, 0, chunk.length);
            }
            session.drain();
          });
    } finally {
      more.close();
    }
    assertTrue(full.keys().isEmpty());
  }

  private List<ChunkLocation> find(ChunkId chunk) {
    try {
      return index.findAll(chunk);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private WriteSession session() throws IOException {
    return session(store, threads);
  }

  private WriteSession session(Store into, Threads on) throws IOException {
    RunSeal seal = new RunSeal(id, keys);
    RunShelf shelf = new RunShelf(into, seal, RunCache.temporary(), IndexMemory.DEFAULT);
    return new WriteSession(
        into, id, keys, index, shelf, seal, place -> true, on, 3, 3, LONGEST_CHUNK_BYTES);
  }

  private static ChunkKind kind(int i) {
    return i % 10 == 9 ? ChunkKind.CATALOG : ChunkKind.DATA;
  }

  /** Chunks of all lengths, some of which compress. */
  private static List<byte[]> chunks(int count, long seed) {
    Random random = new Random(seed);
    List<byte[]> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] chunk = new byte[1 + random.nextInt(i % 5 == 0 ? LONGEST_CHUNK_BYTES : 50_000)];
      random.nextBytes(chunk);
      if (i % 2 == 0) {
        Arrays.fill(chunk, 0, chunk.length / 2, (byte) i);
      }
      chunks.add(chunk);
    }
    return chunks;
  }
}
