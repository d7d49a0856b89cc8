package dev.varve.internal.vault;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.Run;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.index.RunMerger;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunShelf;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.RunStatus;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a repository's index that the log says are live, as the one index of chunks that
 * everybody asks. Safe for use by many threads. Does not fold the log but where a run is gone.
 */
public final class LiveRuns {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  private final Log log;
  private final Store store;
  private final RunSeal seal;
  private final RunCache cache;
  private final RunShelf shelf;
  private final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  private volatile long followedSlot = -1;

  /** Opens none yet. */
  LiveRuns(Log log, Store store, RunSeal seal, RunCache cache) {
    this.log = log;
    this.store = store;
    this.seal = seal;
    this.cache = cache;
    this.shelf = new RunShelf(store, seal, cache, IndexMemory.DEFAULT);
  }

  /** Where chunks are. */
  ChunkIndex index() {
    return index;
  }

  /** Opens runs and keeps them at hand. */
  RunShelf shelf() {
    return shelf;
  }

  /** Seals runs. */
  RunSeal seal() {
    return seal;
  }

  /** The last slot of the state whose runs are open. */
  long followedSlot() {
    return followedSlot;
  }

  /**
   * A live run opened anew out of the store, whatever copy of it is at hand.
   *
   * @throws FormatException if it is damaged where it begins or ends
   */
  public Run reread(RunStatus run) throws IOException {
    return new RunShelf(store, seal, RunCache.temporary(), IndexMemory.DEFAULT)
        .open(run.name(), run.storedBytes());
  }

  /** Makes one run of several; without what is said of packs that are {@code dropped}. */
  public RunMerger merger(Predicate<PackName> dropped) {
    return new RunMerger(seal, dropped);
  }

  /** Goes by a run that was just stored, without reading it back. */
  public void adopt(SealedRun run) throws IOException {
    index.add(shelf.adopt(run));
  }

  /** Drops the local copies of runs that are not live any more. */
  public void trimCache() throws IOException {
    Set<RunName> kept = new HashSet<>();
    index.runs().forEach(run -> kept.add(run.name()));
    log.state().liveRuns().forEach(run -> kept.add(run.name()));
    cache.retain(kept);
  }

  /**
   * Opens the runs that are live now and not yet open, and forgets those that are not any more;
   * runs that a backup going on wrote and did not register yet stay.
   */
  synchronized void follow() throws IOException {
    LogState state = log.state();
    Set<RunName> gone = new HashSet<>();
    List<Run> opened = new ArrayList<>();
    while (!openLive(state, gone, opened)) {
      state = log.state();
    }
    LogState followed = state;
    gone.removeIf(run -> followed.run(run).addedAt() == 0);
    index.exchange(gone, opened);
    followedSlot = state.slot();
  }

  /** An append folds what others appended, without going by their runs. */
  void followIfMoved() throws IOException {
    if (followedSlot != log.state().slot()) {
      follow();
    }
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

  /** What a damaged run says is missed where it is needed; the others stay of use. */
  private static void unusable(RunStatus run, IOException why) {
    LOG.warn("{} of the index cannot be used, run a check: {}", run.name(), why.toString());
  }
}
