package dev.varve.internal.vault;

import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.PathCuts;
import dev.varve.internal.chunker.Chunker;
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
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.Run;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunMerger;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogPlace;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.log.Settings;
import dev.varve.internal.log.SlotAudit;
import dev.varve.internal.log.SnapshotHistory;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Threads;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened repository: its store, keys, log, index and threads. Safe for use by many threads.
 * Knows the parts and how they fit together, and no verb.
 */
public final class Vault implements AutoCloseable {

  /** What writes snapshots, as they tell it. */
  public static final String SOFTWARE = "varve " + version();

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  private final long firstPartialBytes;
  private final PackSizes packSizes;
  private final LogPlace place;
  private final Store store;
  private final RepositoryId id;
  private final RepositoryKeys keys;
  private final Threads threads;
  private final Log log;
  private final RunSeal runSeal;
  private final RunShelf shelf;
  private final ChunkIndex index;
  private final PackKeys packKeys;
  private final ChunkReader chunks;
  private final RunCache runCache;
  private final LocalNotes notes;
  private final Locks locks;
  private volatile long followedSlot = -1;

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
    this.runCache = runCache;
    this.notes = notes;
    this.locks = locks;
    this.runSeal = new RunSeal(id, keys);
    this.shelf = new RunShelf(store, runSeal, runCache, IndexMemory.DEFAULT);
    this.index = new ChunkIndex(IndexMemory.DEFAULT);
    this.packKeys = new PackKeys(store, id, keys, index);
    this.chunks = new ChunkReader(store, place.copies(), id, keys, index, packKeys);
    followRuns();
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

  /**
   * A live run opened anew out of the store, whatever copy of it is at hand.
   *
   * @throws FormatException if it is damaged where it begins or ends
   */
  public Run reread(RunStatus run) throws IOException {
    return new RunShelf(store, runSeal, RunCache.temporary(), IndexMemory.DEFAULT)
        .open(run.name(), run.storedBytes());
  }

  /** Makes one run of several; without what is said of packs that are {@code dropped}. */
  public RunMerger merger(Predicate<PackName> dropped) {
    return new RunMerger(runSeal, dropped);
  }

  /** Goes by a run that was just stored, without reading it back. */
  public void adopt(SealedRun run) throws IOException {
    index.add(shelf.adopt(run));
  }

  /** Drops the local copies of runs that are not live any more. */
  public void trimCache() throws IOException {
    Set<RunName> kept = new HashSet<>();
    index.runs().forEach(run -> kept.add(run.name()));
    state().liveRuns().forEach(run -> kept.add(run.name()));
    runCache.retain(kept);
  }

  /** What is remembered of this repository on this machine. */
  public LocalNotes notes() {
    return notes;
  }

  /** Where chunks are. */
  public ChunkIndex index() {
    return index;
  }

  /** Whether there is a copy of a chunk that a new snapshot may rely on. */
  public boolean contains(ChunkId chunk) throws IOException {
    LogState state = state();
    return index.contains(chunk, place -> state.isUsable(place.pack(), place.block()));
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
    long slot = followedSlot;
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
    return followedSlot != slot;
  }

  /** Folds what others appended, and goes by their runs. */
  public void refresh() throws IOException {
    log.refresh();
    followRuns();
  }

  /** A new chunker, for one thread. */
  public Chunker chunker() throws IOException {
    return new Chunker(
        keys.key(KeyPurpose.CHUNKER_TABLE),
        keys.key(KeyPurpose.CHUNKER_PRF),
        state().settings().chunker());
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
    followIfMoved();
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
        index,
        shelf,
        runSeal,
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
    return snapshots(state());
  }

  /** The snapshots that are live in a state, ascending by slot. */
  public static List<Snapshot> snapshots(LogState state) {
    return state.snapshots().stream().map(snapshot -> snapshot(state, snapshot)).toList();
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
        .map(snapshot -> snapshot(there, snapshot))
        .orElseThrow(() -> new NoSuchElementException("There never was a snapshot " + wanted));
  }

  /** What the log holds of a live snapshot. */
  public Optional<SnapshotRecord> findRecord(SnapshotId wanted) throws IOException {
    followIfMoved();
    return state().findSnapshot(wanted).map(LiveSnapshot::record);
  }

  @Override
  public void close() throws IOException {
    threads.close();
    chunks.close();
    store.close();
  }

  /**
   * Opens the runs that are live now and not yet open, and forgets those that are not any more;
   * runs that a backup going on wrote and did not register yet stay.
   */
  private synchronized void followRuns() throws IOException {
    LogState state = state();
    Set<RunName> gone = new HashSet<>();
    List<Run> opened = new ArrayList<>();
    while (!openLive(state, gone, opened)) {
      state = state();
    }
    LogState followed = state;
    gone.removeIf(run -> followed.run(run).addedAt() == 0);
    index.exchange(gone, opened);
    followedSlot = state.slot();
  }

  /**
   * Opens what is live in a state and not yet open; false if a run is gone because others have
   * replaced it since, which the state folded then says.
   */
  private boolean openLive(LogState state, Set<RunName> gone, List<Run> opened) throws IOException {
    gone.clear();
    opened.clear();
    index.runs().forEach(run -> gone.add(run.name()));
    for (RunStatus live : state.liveRuns()) {
      if (!gone.remove(live.name())) {
        try {
          opened.add(shelf.open(live.name(), live.storedBytes()));
        } catch (NoSuchFileException e) {
          if (!log.refresh().run(live.name()).isLive()) {
            return false;
          }
          unusable(live, e);
        } catch (FormatException e) {
          unusable(live, e);
        }
      }
    }
    return true;
  }

  /** An append folds what others appended, without going by their runs. */
  private void followIfMoved() throws IOException {
    if (followedSlot != state().slot()) {
      followRuns();
    }
  }

  /** What a damaged run says is missed where it is needed; the others stay of use. */
  private static void unusable(RunStatus run, IOException why) {
    LOG.warn("{} of the index cannot be used, run a check: {}", run.name(), why.toString());
  }

  /** A snapshot of a state as it is shown to users. */
  public static Snapshot snapshot(LogState state, LiveSnapshot live) {
    SnapshotRecord record = live.record();
    Optional<Instant> time = state.timeOf(live);
    return new Snapshot(
        record.id(),
        record.source(),
        time.orElse(record.claimedTime()),
        time.isPresent(),
        record.claimedTime(),
        record.tags(),
        live.isPinned(),
        record.statistics(),
        record.problemCount(),
        record.software());
  }

  private static String version() {
    return Optional.ofNullable(Vault.class.getPackage().getImplementationVersion()).orElse("dev");
  }
}
