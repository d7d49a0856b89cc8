package dev.varve.internal.vault;

import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.PathCuts;
import dev.varve.internal.chunker.Chunker;
import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkReader;
import dev.varve.internal.chunkstore.ChunkReuse;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.chunkstore.PackSizes;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogPlace;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.Settings;
import dev.varve.internal.log.SlotAudit;
import dev.varve.internal.log.SnapshotHistory;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Threads;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * An opened repository: its store, keys, log, index and threads. Safe for use by many threads.
 * Knows the parts and how they fit together, and no verb.
 */
public final class Vault implements AutoCloseable {

  /** What writes snapshots, as they tell it. */
  public static final String SOFTWARE = "varve " + version();

  private final long firstPartialBytes;
  private final PackSizes packSizes;
  private final LogPlace place;
  private final Store store;
  private final RepositoryId id;
  private final RepositoryKeys keys;
  private final Threads threads;
  private final Log log;
  private final LiveRuns runs;
  private final PackKeys packKeys;
  private final ChunkReader chunks;
  private final LocalNotes notes;
  private final Locks locks;

  Vault(
      LogPlace place,
      RepositoryKeys keys,
      Threads threads,
      Log log,
      RunCache runCache,
      LocalNotes notes,
      Locks locks,
      long firstPartialBytes,
      PackSizes packSizes)
      throws IOException {
    this.firstPartialBytes = firstPartialBytes;
    this.packSizes = packSizes;
    this.place = place;
    this.store = place.store();
    this.id = place.repository();
    this.keys = keys;
    this.threads = threads;
    this.log = log;
    this.notes = notes;
    this.locks = locks;
    this.runs = new LiveRuns(log, store, new RunSeal(id, keys), runCache);
    this.packKeys = new PackKeys(store, id, keys, index());
    this.chunks = new ChunkReader(store, place.copies(), id, keys, index(), packKeys);
    runs.follow();
  }

  /** The store, with its decorators. */
  public Store store() {
    return store;
  }

  /** The repository's id. */
  public RepositoryId id() {
    return id;
  }

  /** The keys that the slot handed out. */
  public RepositoryKeys keys() {
    return keys;
  }

  /** The engine's threads. */
  public Threads threads() {
    return threads;
  }

  /** The log. */
  public Log log() {
    return log;
  }

  /** The reading of the clock by which this waits, in nanoseconds; it never goes back. */
  public long nanoTime() {
    return place.pause().nanoTime();
  }

  /** Who is doing what. */
  public Locks locks() {
    return locks;
  }

  /** The log folded anew from its first slot, without any checkpoint. */
  public Log foldedAnew() throws IOException {
    return Log.open(place.afresh(), Log.Start.SLOT_0);
  }

  /** As {@link #foldedAnew}, also if slots are lost: what can be read is folded. */
  public Log foldedDespiteDamage() throws IOException {
    return Log.openDamaged(place.afresh());
  }

  /** How much a backup stores before it first leaves a trace in the log. */
  public long firstPartialBytes() {
    return firstPartialBytes;
  }

  /** What is wrong with the log's items as they rest, by their keys. */
  public SortedMap<String, String> damagedSlots(LogState state) throws IOException {
    return SlotAudit.of(place, state);
  }

  /** What the log said when it was folded last. */
  public LogState state() {
    return log.state();
  }

  /** The live runs of the index. */
  public LiveRuns runs() {
    return runs;
  }

  /** What is remembered of this repository on this machine. */
  public LocalNotes notes() {
    return notes;
  }

  /** Where chunks are. */
  public ChunkIndex index() {
    return runs.index();
  }

  /** Whether there is a copy of a chunk that a new snapshot may rely on. */
  public boolean contains(ChunkId chunk) throws IOException {
    LogState state = state();
    return index().contains(chunk, place -> state.isUsable(place.pack(), place.block()));
  }

  /** The keys of packs. */
  public PackKeys packKeys() {
    return packKeys;
  }

  /** Reads chunks; where one is nowhere any more, it folds the log again and looks once more. */
  public ChunkSource chunks() {
    return (kind, ref) -> chunk(chunks, kind, ref);
  }

  /**
   * Packs may be deleted while somebody reads, but only when others hold what is needed of them,
   * and the log says so.
   */
  private byte[] chunk(ChunkSource from, ChunkKind kind, ChunkRef ref) throws IOException {
    long slot = runs.followedSlot();
    try {
      return from.get(kind, ref);
    } catch (ChunkMissingException e) {
      if (!e.isGone() || !hasMovedSince(slot)) {
        throw e;
      }
    } catch (NoSuchFileException e) {
      if (!hasMovedSince(slot)) {
        throw e;
      }
    }
    return from.get(kind, ref);
  }

  private boolean hasMovedSince(long slot) throws IOException {
    refresh();
    return runs.followedSlot() != slot;
  }

  /** Folds what others appended, and goes by their runs. */
  public void refresh() throws IOException {
    log.refresh();
    runs.follow();
  }

  /** A new chunker, for one thread. */
  public Chunker chunker() throws IOException {
    return chunker(state().settings().chunker());
  }

  /** A new chunker of contents that change in many small places, for one thread. */
  public Chunker fineChunker() throws IOException {
    return chunker(state().settings().chunker().fine());
  }

  private Chunker chunker(ChunkerSizes sizes) throws IOException {
    return new Chunker(keys.key(KeyPurpose.CHUNKER_TABLE), keys.key(KeyPurpose.CHUNKER_PRF), sizes);
  }

  /** The longest chunk that the chunker cuts, in bytes. */
  public int longestChunkBytes() {
    return state().settings().chunker().maxBytes();
  }

  /** Decides where catalogs are cut. */
  public PathCuts pathCuts() throws IOException {
    return new PathCuts(keys.key(KeyPurpose.CATALOG_CUT));
  }

  /** Reads a catalog. */
  public CatalogReader catalog(CatalogRoot root) {
    return new CatalogReader(chunks(), root);
  }

  /** Reads a catalog, from local copies where there are some: not for who looks for damage. */
  public CatalogReader nearCatalog(CatalogRoot root) {
    return new CatalogReader((kind, ref) -> chunk(chunks::getNear, kind, ref), root);
  }

  /** A source's newest snapshot. */
  public Optional<LiveSnapshot> findNewest(SourceIdentity source) throws IOException {
    runs.followIfMoved();
    Optional<LiveSnapshot> newest = Optional.empty();
    for (LiveSnapshot snapshot : state().snapshots()) {
      if (snapshot.record().source().equals(source)) {
        newest = Optional.of(snapshot);
      }
    }
    return newest;
  }

  /** Starts to write chunks that belong together. */
  public WriteSession write(boolean compressed) {
    LogState base = state();
    return write(compressed, location -> base.isUsable(location.pack(), location.block()));
  }

  /** Starts to write chunks that are stored whether the repository has them already or not. */
  public WriteSession writeAnew() {
    return write(true, location -> false);
  }

  /** Starts to write chunks that belong together; those in {@code usable} places are there. */
  public WriteSession write(boolean compressed, Predicate<ChunkLocation> usable) {
    return write(compressed, usable, ChunkReuse.UNHEARD);
  }

  /** As {@link #write(boolean, Predicate)}, telling of the chunks that are there. */
  public WriteSession write(boolean compressed, Predicate<ChunkLocation> usable, ChunkReuse reuse) {
    Settings settings = state().settings();
    return new WriteSession(
        store,
        id,
        keys,
        index(),
        runs.shelf(),
        runs.seal(),
        usable,
        reuse,
        threads,
        threads.parallelism() + 2,
        compressed ? settings.compressionLevel() : 0,
        settings.chunker().maxBytes(),
        packSizes);
  }

  /** The live snapshots, ascending by slot. */
  public List<Snapshot> snapshots() {
    return ShownSnapshots.of(state());
  }

  /** A snapshot that was committed, as it is shown to users; others may have forgotten it since. */
  public Snapshot snapshot(SnapshotId wanted) throws IOException {
    LogState state = state();
    if (state.findSnapshot(wanted).isEmpty()) {
      state = SnapshotHistory.until(state, log);
    }
    LogState there = state;
    return there
        .findSnapshot(wanted)
        .map(snapshot -> ShownSnapshots.of(there, snapshot))
        .orElseThrow(() -> new NoSuchElementException("There never was a snapshot " + wanted));
  }

  /** What the log holds of a live snapshot. */
  public Optional<SnapshotRecord> findRecord(SnapshotId wanted) throws IOException {
    runs.followIfMoved();
    return state().findSnapshot(wanted).map(LiveSnapshot::record);
  }

  @Override
  public void close() throws IOException {
    threads.close();
    chunks.close();
    store.close();
  }

  private static String version() {
    return Optional.ofNullable(Vault.class.getPackage().getImplementationVersion()).orElse("dev");
  }
}
