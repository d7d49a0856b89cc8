package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * All that one run writes: chunks come in by sinks, one for each thread; blocks are sealed and
 * packs uploaded by threads of the engine; {@link #publish} writes the index of what is durable.
 * Safe for use by many threads. Commits nothing: the log does. The first failure ends it for good.
 */
public final class WriteSession implements AutoCloseable {

  /** How many packs are in memory at most: two being filled, the others on their way. */
  private static final int SLABS = 4;

  private final Store store;
  private final RepositoryKeys keys;
  private final ChunkIndex index;
  private final Predicate<ChunkLocation> usable;
  private final ChunkReuse reuse;
  private final Threads threads;
  private final BlockSeals seals;
  private final Pool<ByteBuffer> slabs;
  private final Pool<Block> blocks;
  private final Pool<Bench> benches;
  private final List<Bench> madeBenches = new ArrayList<>();
  private final List<SessionSink> sinks = new ArrayList<>();
  private final Map<PackKind, Packer> packers = new EnumMap<>(PackKind.class);
  private final ConcurrentHashMap<ChunkId, ChunkId> unpublished = new ConcurrentHashMap<>();
  private final Set<PackName> ownPacks = ConcurrentHashMap.newKeySet();
  private final RunCollector durable;
  private final Volume volume = new Volume();
  private final Map<Lane, Integer> unfinished = new EnumMap<>(Lane.class);
  private Optional<IOException> failure = Optional.empty();

  /** Counts what a session did. Safe for use by many threads. */
  public static final class Volume {
    final LongAdder chunks = new LongAdder();
    final LongAdder addedChunks = new LongAdder();
    final LongAdder addedBytes = new LongAdder();
    final LongAdder storedBytes = new LongAdder();

    /** Chunks of contents put. */
    public long chunks() {
      return chunks.sum();
    }

    /** Chunks of contents that were not there yet. */
    public long addedChunks() {
      return addedChunks.sum();
    }

    /** Bytes of the chunks of contents that were not there yet. */
    public long addedBytes() {
      return addedBytes.sum();
    }

    /** Bytes of items created in the store. */
    public long storedBytes() {
      return storedBytes.sum();
    }
  }

  /** Starts a session of whose reuse of chunks nobody hears. */
  public WriteSession(
      Store store,
      RepositoryId repository,
      RepositoryKeys keys,
      ChunkIndex index,
      RunShelf shelf,
      RunSeal runSeal,
      Predicate<ChunkLocation> usable,
      Threads threads,
      int sinkCount,
      int level,
      int longestChunkBytes) {
    this(
        store,
        repository,
        keys,
        index,
        shelf,
        runSeal,
        usable,
        ChunkReuse.UNHEARD,
        threads,
        sinkCount,
        level,
        longestChunkBytes,
        PackSizes.DEFAULT);
  }

  /**
   * Starts a session.
   *
   * @param usable places whose chunks count as being there; those this session fills always do
   * @param reuse hears of chunks that are there
   * @param sinkCount how many sinks will be made at most
   * @param level how hard zstd tries; 0: not at all
   * @param longestChunkBytes the longest chunk that will be put
   * @param sizes how large packs and blocks become
   */
  public WriteSession(
      Store store,
      RepositoryId repository,
      RepositoryKeys keys,
      ChunkIndex index,
      RunShelf shelf,
      RunSeal runSeal,
      Predicate<ChunkLocation> usable,
      ChunkReuse reuse,
      Threads threads,
      int sinkCount,
      int level,
      int longestChunkBytes,
      PackSizes sizes) {
    this.store = store;
    this.keys = keys;
    this.index = index;
    this.usable = usable;
    this.reuse = reuse;
    this.threads = threads;
    this.seals = new BlockSeals(repository, keys);
    this.durable = new RunCollector(store, runSeal, shelf, index, unpublished::remove);
    this.slabs = new Pool<>(SLABS, () -> ByteBuffer.allocateDirect(sizes.packBytes()));
    this.blocks =
        new Pool<>(
            sinkCount * PackKind.values().length + threads.parallelism(),
            () -> new Block(sizes, longestChunkBytes));
    this.benches = new Pool<>(threads.parallelism(), () -> newBench(level));
    for (PackKind kind : PackKind.values()) {
      packers.put(kind, new Packer(kind, seals, slabs, this::upload));
    }
  }

  /** A new sink, for one thread at a time. */
  public ChunkSink sink() throws IOException {
    SessionSink sink = new SessionSink(this, keys);
    synchronized (sinks) {
      sinks.add(sink);
    }
    return sink;
  }

  /** What was done so far. */
  public Volume volume() {
    return volume;
  }

  /** Whether nothing failed so far. */
  public synchronized boolean sound() {
    return failure.isEmpty();
  }

  /** Fails if anything failed so far. */
  public synchronized void check() throws IOException {
    if (failure.isPresent()) {
      throw new IOException(failure.get().getMessage(), failure.get());
    }
  }

  /** Makes all that was put durable; no sink is in use meanwhile. */
  public void drain() throws IOException {
    synchronized (sinks) {
      for (SessionSink sink : sinks) {
        sink.flush();
      }
    }
    awaitEnd(EnumSet.of(Lane.SEAL));
    packers.values().forEach(Packer::close);
    awaitWork();
    check();
  }

  /** Writes the index of all packs that are durable and not yet published; sinks may be in use. */
  public Published publish() throws IOException {
    Published published = durable.publish();
    volume.storedBytes.add(published.runBytes());
    return published;
  }

  /** Ends all that still goes on; what is not published is garbage. */
  public void abandon(IOException cause) {
    fail(cause);
  }

  /** Lets go of everything; waits for work that still goes on. */
  @Override
  public void close() {
    fail(new IOException("The write session is closed"));
    awaitWork();
    synchronized (madeBenches) {
      madeBenches.forEach(Bench::close);
      madeBenches.clear();
    }
  }

  /** Whether a chunk is there, or was put already. */
  public boolean has(ChunkId id) throws IOException {
    return unpublished.containsKey(id) || index.contains(id, this::isUsable);
  }

  boolean claim(ChunkKind kind, ChunkRef ref) throws IOException {
    ChunkId id = ref.id();
    if (unpublished.containsKey(id)) {
      return false;
    }
    if (index.contains(id, this::isUsable)) {
      reuse.reused(kind, ref);
      return false;
    }
    return unpublished.putIfAbsent(id, id) == null;
  }

  private boolean isUsable(ChunkLocation location) {
    return ownPacks.contains(location.pack()) || usable.test(location);
  }

  /**
   * Stores the block that was opened last as it is, without compressing it again. Its ids were
   * verified by the caller. Of chunks that are there already, no second copy is stored.
   *
   * @return false if it is longer than blocks made here, and nothing was done
   */
  public boolean reseal(FooterBlock from, BlockOpener opened) throws IOException {
    Block block = blocks.take();
    if (!block.holds(from.plainBytes()) || from.ids().length == 0) {
      blocks.give(block);
      return false;
    }
    CRC32C crc = new CRC32C();
    int offset = 0;
    for (int i = 0; i < from.ids().length; i++) {
      ChunkRef ref = new ChunkRef(from.ids()[i], from.lengths()[i]);
      if (claim(from.kinds()[i], ref)) {
        crc.reset();
        crc.update(opened.plain(), offset, ref.length());
        int sum = (int) crc.getValue();
        block.add(from.kinds()[i], ref.id(), sum, opened.plain(), offset, ref.length());
      }
      offset += ref.length();
    }
    if (block.count() == 0) {
      blocks.give(block);
      return true;
    }
    if (block.count() == from.ids().length) {
      block.packedAs(opened.packed());
    }
    seal(block);
    return true;
  }

  Block emptyBlock() throws IOException {
    return blocks.take();
  }

  void seal(Block block) throws IOException {
    check();
    start(
        Lane.SEAL,
        () -> {
          Bench bench = benches.take();
          try {
            Packer packer =
                Objects.requireNonNull(packers.get(block.kind(0).pack()), "a packer for each kind");
            OpenPack.Place place = packer.place(block, bench.pack(block));
            bench.seal(block, place);
            block.clear();
            blocks.give(block);
            packer.sealed(place);
          } finally {
            benches.give(bench);
          }
          return Optional.empty();
        });
  }

  private void upload(OpenPack pack) {
    start(
        Lane.TRANSFER,
        () -> {
          byte[] footer = sealedFooter(pack);
          List<ByteBuffer> pieces = List.of(pack.bytes(), ByteBuffer.wrap(footer));
          MessageDigest digest = sha256();
          pieces.forEach(piece -> digest.update(piece.duplicate()));
          Body body = Body.of(pieces);
          store.create(pack.name().key(), pack.kind() == PackKind.DATA ? body.cold() : body);
          ownPacks.add(pack.name());
          durable.add(pack.entry(body.length(), digest.digest()), pack.blocks());
          // Last: whoever sees so much stored can publish it.
          volume.storedBytes.add(body.length());
          slabs.give(pack.slab());
          return Optional.empty();
        });
  }

  private byte[] sealedFooter(OpenPack pack) throws IOException {
    byte[] plain = PackFooter.encode(pack.blocks());
    int sealedBytes = (int) StreamSeal.sealedLength(plain.length);
    ByteBuffer footer = ByteBuffer.allocate(sealedBytes + PackFooter.TRAILER_BYTES);
    byte[] binding = seals.binding(pack.kind(), pack.name(), Binding.FOOTER);
    pack.key().stream().seal(ByteBuffer.wrap(plain), binding, footer);
    footer.putInt(sealedBytes);
    return footer.array();
  }

  private void start(Lane lane, Callable<Optional<Object>> work) {
    synchronized (this) {
      unfinished.merge(lane, 1, Integer::sum);
    }
    Future<?> unused = // What goes wrong reaches whoever puts or finishes by fail().
        threads.submit(
            lane,
            () -> {
              try {
                return work.call();
              } catch (IOException e) {
                fail(e);
                return Optional.empty();
              } catch (RuntimeException | Error e) {
                fail(new IOException("An internal error while writing packs: " + e, e));
                throw e;
              } finally {
                finished(lane);
              }
            });
  }

  private synchronized void finished(Lane lane) {
    unfinished.merge(lane, -1, Integer::sum);
    notifyAll();
  }

  private void awaitWork() {
    awaitEnd(EnumSet.allOf(Lane.class));
  }

  private synchronized void awaitEnd(Set<Lane> lanes) {
    boolean interrupted = false;
    while (lanes.stream().anyMatch(lane -> unfinished.getOrDefault(lane, 0) > 0)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void fail(IOException cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
    slabs.fail(cause);
    blocks.fail(cause);
    benches.fail(cause);
  }

  private Bench newBench(int level) {
    try {
      Bench bench = new Bench(keys, seals, level);
      synchronized (madeBenches) {
        madeBenches.add(bench);
      }
      return bench;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
