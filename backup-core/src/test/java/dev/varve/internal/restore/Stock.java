package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.CatalogWriter;
import dev.varve.internal.catalog.PathCuts;
import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkReuse;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.chunkstore.PackSizes;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Threads;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a restore draws on, in memory: chunks in packs that the index knows, and chunks that nobody
 * but {@link #get} has, which can be lost. One thread.
 */
final class Stock implements ChunkSink, ChunkSource {

  /** Chunks half as long lie two or three in a block. */
  static final int BLOCK_BYTES = 4 << 10;

  private static final int PACK_BYTES = 1 << 20;
  private static final int LONGEST_CHUNK_BYTES = 16 << 10;

  final MemoryStore store = new MemoryStore();

  /** The same each time: where lists of chunks are cut follows from it. */
  final RepositoryKeys keys = RepositoryKeys.ofRoot(bytes(32, 1));

  final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  final PackKeys packKeys = new PackKeys(store, keys.repositoryId(), keys, index);
  final Cancellation cancellation = new Cancellation();

  private final Map<ChunkId, byte[]> chunks = new HashMap<>();
  private final List<ChunkRef> catalogChunks = new ArrayList<>();
  private final Set<ChunkId> lost = new HashSet<>();
  private int reads;

  static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Stores chunks of content in packs, in this order. */
  List<ChunkRef> pack(byte[]... contents) throws IOException {
    RunSeal seal = new RunSeal(keys.repositoryId(), keys);
    List<ChunkRef> refs = new ArrayList<>();
    try (WriteSession session =
        new WriteSession(
            store,
            keys.repositoryId(),
            keys,
            index,
            new RunShelf(store, seal, RunCache.temporary(), IndexMemory.DEFAULT),
            seal,
            place -> true,
            ChunkReuse.UNHEARD,
            Threads.inline(),
            1,
            3,
            LONGEST_CHUNK_BYTES,
            new PackSizes(PACK_BYTES, BLOCK_BYTES))) {
      ChunkSink sink = session.sink();
      for (byte[] content : contents) {
        refs.add(sink.put(ChunkKind.DATA, content, 0, content.length));
      }
      session.drain();
      session.publish();
    }
    return refs;
  }

  ChunkLocation location(ChunkRef ref) throws IOException {
    return index.find(ref.id()).orElseThrow();
  }

  /** Keeps a chunk outside of packs. */
  ChunkRef loose(byte[] content) throws IOException {
    return put(ChunkKind.DATA, content, 0, content.length);
  }

  @Override
  public ChunkRef put(ChunkKind kind, byte[] bytes, int offset, int count) throws IOException {
    ChunkRef ref = new ChunkRef(new ChunkIds(keys).id(kind, bytes, offset, count), count);
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + count);
    if (chunks.put(ref.id(), copy) == null && kind == ChunkKind.CATALOG) {
      catalogChunks.add(ref);
    }
    return ref;
  }

  @Override
  public byte[] get(ChunkKind kind, ChunkRef ref) throws IOException {
    reads++;
    byte[] chunk = chunks.get(ref.id());
    if (chunk == null || lost.contains(ref.id())) {
      throw new ChunkMissingException("lost");
    }
    return chunk.clone();
  }

  void lose(ChunkRef ref) {
    lost.add(ref.id());
  }

  void find(ChunkRef ref) {
    lost.remove(ref.id());
  }

  /** How many chunks were asked for since this was asked last. */
  int reads() {
    int before = reads;
    reads = 0;
    return before;
  }

  List<ChunkRef> catalogChunks() {
    return List.copyOf(catalogChunks);
  }

  CatalogReader catalog(Collection<CatalogEntry> ascending) throws IOException {
    CatalogWriter writer = new CatalogWriter(this, new PathCuts(bytes(16, 1)));
    for (CatalogEntry entry : ascending) {
      writer.add(entry);
    }
    return new CatalogReader(this, writer.finish());
  }

  /** A catalog of empty files, and of directories where a path ends in a slash. */
  CatalogReader catalogOf(String... ascending) throws IOException {
    return catalog(Arrays.stream(ascending).map(path -> file(path, 0, ChunkList.EMPTY)).toList());
  }

  static CatalogEntry file(String path, long size, ChunkList content) {
    EntryKind kind = path.endsWith("/") ? EntryKind.DIRECTORY : EntryKind.FILE;
    Entry.Builder entry = Entry.builder(EntryPath.of(path), kind);
    return new CatalogEntry(
        (kind == EntryKind.FILE ? entry.size(size) : entry).build(), content, false);
  }

  /** One that takes from here what it cannot take from packs. */
  Fetcher fetcher(Consumer<Hole> holes) throws IOException {
    return new Fetcher(
        store, packKeys, this, cancellation, holes, new BlockOpener(keys.repositoryId(), keys));
  }
}
