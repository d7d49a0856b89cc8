package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where chunks are, by all live runs. Safe for use by many threads; its runs may be changed
 * meanwhile, and whatever is under way then goes on with those it began with. Needs no closing.
 *
 * <p>What it says are claims: an entry proves nothing about the pack. It knows nothing of what is
 * not yet in a run, nor which packs are condemned: callers bring their own idea of usable packs.
 *
 * <p>A damaged page hides what it says of its chunks, no more. It is reported where it can decide
 * the answer: {@link #find} and its like fail if they found nothing and could not look everywhere,
 * while {@link #contains} says no, so that a backup stores the chunk again and thereby heals.
 *
 * <p>Heap: what {@link IndexMemory} allows and 0.11 bytes a chunk; at 10 million chunks 1.1 MB and
 * 19 MB of filters, at 100 million 11 MB and the 64 MiB allowed. A lookup opens no page or one for
 * each run that may hold the chunk, and one more for the pack's name if that is not in the cache.
 */
public final class ChunkIndex {

  /** The most places {@link #findAll} takes from one run, however many it claims. */
  public static final int MAX_COPIES_PER_RUN = 1024;

  /** With fewer bits a chunk, a filter answers too little to be worth its memory. */
  private static final int LEAST_FILTER_BITS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ChunkIndex.class);

  private final IndexMemory memory;
  private final ReentrantLock changing = new ReentrantLock();
  private final ReentrantLock filtering = new ReentrantLock();
  private final Set<RunName> reported = ConcurrentHashMap.newKeySet();
  private volatile List<Run> runs = List.of();

  /** An index without runs. */
  public ChunkIndex(IndexMemory memory) {
    this.memory = memory;
  }

  /** The runs it goes by, the largest first. */
  public List<Run> runs() {
    return runs;
  }

  /** Goes by one run more. */
  public void add(Run run) {
    changing.lock();
    try {
      List<Run> more = new ArrayList<>(runs);
      more.removeIf(old -> old.name().equals(run.name()));
      more.add(run);
      replace(more);
    } finally {
      changing.unlock();
    }
  }

  /** Goes by some runs more and others no longer, whatever is added by others at the same time. */
  public void exchange(Set<RunName> gone, List<Run> more) {
    changing.lock();
    try {
      List<Run> left = new ArrayList<>(runs);
      left.removeIf(
          old ->
              gone.contains(old.name())
                  || more.stream().anyMatch(run -> run.name().equals(old.name())));
      left.addAll(more);
      replace(left);
    } finally {
      changing.unlock();
    }
  }

  /** Goes by these runs from now on. */
  public void replace(List<Run> live) {
    changing.lock();
    try {
      runs = live.stream().sorted(Comparator.comparingLong(Run::chunks).reversed()).toList();
    } finally {
      changing.unlock();
    }
  }

  /**
   * One place where the chunk is said to be.
   *
   * @throws FormatException if none was found and a run could not be read
   */
  public Optional<ChunkLocation> find(ChunkId id) throws IOException {
    return find(id, place -> true);
  }

  /**
   * One usable place where the chunk is said to be.
   *
   * @throws FormatException if none was found and a run could not be read
   */
  public Optional<ChunkLocation> find(ChunkId id, Predicate<ChunkLocation> usable)
      throws IOException {
    Taker one = new Taker(usable, 1);
    Failures failures = new Failures();
    for (Run run : runs) {
      if (look(run, id, one, failures)) {
        return Optional.of(one.taken.get(0));
      }
    }
    failures.rethrow();
    return Optional.empty();
  }

  /**
   * All places where the chunk is said to be, at most {@value #MAX_COPIES_PER_RUN} by each run.
   *
   * @throws FormatException if none was found and a run could not be read
   */
  public List<ChunkLocation> findAll(ChunkId id) throws IOException {
    List<ChunkLocation> all = new ArrayList<>(1);
    Failures failures = new Failures();
    for (Run run : runs) {
      Taker some = new Taker(place -> true, MAX_COPIES_PER_RUN);
      look(run, id, some, failures);
      all.addAll(some.taken);
    }
    if (all.isEmpty()) {
      failures.rethrow();
    }
    return all;
  }

  /**
   * Whether the chunk is said to be in a usable pack; what a damaged page says counts for nothing.
   */
  public boolean contains(ChunkId id, Predicate<ChunkLocation> usable) throws IOException {
    Failures failures = new Failures();
    for (Run run : runs) {
      if (look(run, id, usable, failures)) {
        return true;
      }
    }
    for (FormatException failure : failures.all) {
      LOG.debug("A chunk is taken for new: {}", failure.getMessage());
    }
    for (Run run : failures.runs) {
      if (reported.add(run.name())) {
        LOG.warn("{} is damaged; chunks it alone speaks of are stored again", run.name());
      }
    }
    return false;
  }

  /**
   * What is said of a pack; by the largest run, if several speak of it.
   *
   * @throws FormatException if nothing was found and a run could not be read
   */
  public Optional<PackEntry> pack(PackName name) throws IOException {
    List<PackEntry> entries = packs(name);
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(0));
  }

  /**
   * All that is said of a pack, by every run that speaks of it.
   *
   * @throws FormatException if nothing was found and a run could not be read
   */
  public List<PackEntry> packs(PackName name) throws IOException {
    List<PackEntry> entries = new ArrayList<>(1);
    Failures failures = new Failures();
    for (Run run : runs) {
      try {
        entries.addAll(run.packs(name));
      } catch (FormatException e) {
        failures.add(run, e);
      }
    }
    if (entries.isEmpty()) {
      failures.rethrow();
    }
    return entries;
  }

  /** Goes through all entries of the runs there are now. */
  public ChunkCursor chunks() {
    return new ChunkCursor(runs);
  }

  /** The same, by somebody's numbers of packs, which takes 4 bytes a pack and no lookups. */
  public ChunkCursor chunks(ChunkCursor.PackNumbers packs) throws IOException {
    return new ChunkCursor(runs, packs);
  }

  /** Goes through all packs of the runs there are now. */
  public PackCursor packs() {
    return new PackCursor(runs);
  }

  /** How much it holds. */
  public IndexCounts counts() {
    List<Run> now = runs;
    return new IndexCounts(
        now.size(),
        now.stream().mapToLong(Run::packs).sum(),
        now.stream().mapToLong(Run::chunks).sum(),
        now.stream().mapToLong(Run::storedBytes).sum(),
        now.stream().mapToLong(Run::filterBytes).sum());
  }

  private boolean look(Run run, ChunkId id, Predicate<ChunkLocation> test, Failures failures)
      throws IOException {
    try {
      if (run.anyCopy(id, test)) {
        return true;
      }
    } catch (FormatException e) {
      failures.add(run, e);
    }
    if (run.deservesFilter()) {
      makeFilter(run);
    }
    return false;
  }

  /** Makes a filter within the memory there is for all; if it fails, lookups go on without. */
  private void makeFilter(Run run) {
    if (!filtering.tryLock()) {
      return;
    }
    try {
      long bytes = filterBytes(run);
      if (bytes * 8 < run.chunks() * LEAST_FILTER_BITS) {
        run.postponeFilter();
      } else {
        run.makeFilter(bytes);
      }
    } catch (IOException e) {
      LOG.warn("{} is used without a filter: {}", run.name(), e.getMessage());
    } finally {
      filtering.unlock();
    }
  }

  /** A run's share of the memory for filters, or what is left of it. */
  private long filterBytes(Run run) {
    IndexCounts all = counts();
    double share = (double) memory.filterBytes() / ChunkFilter.wantedBytes(all.chunks());
    long fair = (long) (ChunkFilter.wantedBytes(run.chunks()) * Math.min(1, share));
    return Math.min(fair, memory.filterBytes() - all.filterBytes());
  }

  /** Which runs could not be read; used by one thread. */
  private static final class Failures {

    private final List<Run> runs = new ArrayList<>(0);
    private final List<FormatException> all = new ArrayList<>(0);

    void add(Run run, FormatException failure) {
      runs.add(run);
      all.add(failure);
    }

    void rethrow() throws FormatException {
      if (all.isEmpty()) {
        return;
      }
      FormatException first = all.get(0);
      all.subList(1, all.size()).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Takes places until it has enough. */
  private record Taker(Predicate<ChunkLocation> usable, int enough, List<ChunkLocation> taken)
      implements Predicate<ChunkLocation> {

    Taker(Predicate<ChunkLocation> usable, int enough) {
      this(usable, enough, new ArrayList<>(1));
    }

    @Override
    public boolean test(ChunkLocation place) {
      if (usable.test(place)) {
        taken.add(place);
      }
      return taken.size() == enough;
    }
  }
}
