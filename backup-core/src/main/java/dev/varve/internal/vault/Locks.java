package dev.varve.internal.vault;

import dev.varve.LockedException;
import dev.varve.SourceIdentity;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.LockItem;
import dev.varve.internal.log.LockNote;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogPlace;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.RunningCall;
import dev.varve.internal.store.Pause;
import dev.varve.internal.task.Reason;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is doing what in a repository. Safe for use by many threads.
 *
 * <p>Locks are advisory: they keep two backups of one source from overlapping and show what goes
 * on. Whatever goes wrong with them is noted and stops nobody; lost, stale or forged ones cost work
 * and never data. Whoever meets one of a run that is over or dead removes it, if it may.
 */
public final class Locks {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  /** So many are looked at; more are nobody's who means well. */
  private static final int MAX_LOCKS = 1000;

  /** What the names of all sources of one lock take at most; those beyond are not protected. */
  private static final int MAX_CHARACTERS = 16 << 10;

  /** How often, and after what pause, one looks again who came at the same time. */
  private static final int LOOKS = 4;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  private final Store store;
  private final Log log;
  private final Pause pause;
  private final String software;
  private final LockItem item;

  /**
   * Locks of a repository.
   *
   * @param store where they rest; not tried long, since nothing rests on them
   */
  Locks(Store store, LogPlace place, Log log, Pause pause) {
    this.store = store;
    this.log = log;
    this.pause = pause;
    this.software = place.software();
    this.item = new LockItem(place.repository(), place.seal());
  }

  /**
   * What the store shows.
   *
   * @param holders the runs
   * @param foreign the keys of what nobody with the key stored, if it has been there for long
   * @param now the time by the store's clock, or an earlier one if that is not known
   */
  private record Listing(List<LockHolder> holders, List<String> foreign, Instant now) {}

  /**
   * Tells others of a run until what is returned is closed.
   *
   * @param work what is done, e.g. {@code backup}
   * @param sources nobody else is to work on these at the same time
   * @throws LockedException if somebody does
   */
  public Presence enter(String work, List<SourceIdentity> sources, CallId run) {
    Presence own = appear(work, sources, run);
    boolean alone = false;
    try {
      Optional<LockHolder> other = sources.isEmpty() ? Optional.empty() : findOther(own, sources);
      if (other.isPresent()) {
        throw locked(sources, other.get());
      }
      alone = true;
      return own;
    } finally {
      if (!alone) {
        own.close();
      }
    }
  }

  /** As {@link #enter}, waiting as long as somebody works on one of the sources. */
  public Presence await(String work, List<SourceIdentity> sources, CallId run) {
    Duration wait = FIRST_WAIT;
    String said = "";
    while (true) {
      try {
        return enter(work, sources, run);
      } catch (LockedException e) {
        String now = String.valueOf(e.getMessage());
        if (!now.equals(said)) {
          LOG.info("{}", now);
        }
        said = now;
      }
      pause.pause(wait);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }
  }

  /** The runs that are neither over nor known to be dead, stale ones too. */
  public List<LockHolder> holders() throws IOException {
    return list(Optional.empty()).holders().stream().filter(holder -> !isDead(holder)).toList();
  }

  /**
   * The runs that are at work as far as can be told, and not longer silent than {@link
   * LockHolder#STALE_AFTER} before the latest time the store shows. For who wants to spare what
   * they have stored and not registered yet.
   */
  public List<LockHolder> live() throws IOException {
    Listing listing = list(Optional.empty());
    return listing.holders().stream()
        .filter(holder -> !isDead(holder) && !holder.isStale(listing.now()))
        .toList();
  }

  /**
   * Removes the locks of runs that are over, dead or stale.
   *
   * @return how many runs that were
   */
  public int removeStale() throws IOException {
    Presence own = appear("locks", List.of(), CallId.random());
    try {
      Listing listing = list(Optional.of(own));
      for (IOException failure : store.deleteAll(goneKeys(listing)).values()) {
        throw failure;
      }
      return (int)
          listing.holders().stream().filter(holder -> isGone(holder, listing.now())).count();
    } finally {
      own.close();
    }
  }

  /** Stores a lock; its time by the store's clock, if that could be done. */
  Optional<Stored> store(LockNote note) {
    String key = LockItem.newKey();
    try {
      return Optional.of(store.create(key, Body.of(item.seal(key, note))));
    } catch (FileAlreadyExistsException e) {
      // Nobody else draws this name: it is one's own, told as that of another.
      return Optional.of(new Stored(key, 0, Instant.MIN));
    } catch (IOException e) {
      if (note.over()) {
        LOG.debug("Others are not told that a {} is over: {}", note.work(), e.toString());
      } else {
        LOG.warn("Others are not told that a {} goes on: {}", note.work(), Reason.of(e));
      }
      return Optional.empty();
    }
  }

  /** Removes a lock; whether it could be. */
  boolean remove(String key) {
    try {
      store.delete(key);
      return true;
    } catch (IOException e) {
      LOG.debug("A lock cannot be removed: {}", e.toString());
      return false;
    }
  }

  private Presence appear(String work, List<SourceIdentity> sources, CallId run) {
    List<SourceIdentity> named = new ArrayList<>();
    int characters = 0;
    for (SourceIdentity source : sources) {
      characters += source.toString().length();
      if (characters <= MAX_CHARACTERS) {
        named.add(source);
      }
    }
    LocalProcess self = LocalProcess.current();
    LockNote note =
        new LockNote(
            run,
            false,
            work,
            named,
            self.host(),
            self.number(),
            self.start(),
            self.place(),
            Optional.empty(),
            software);
    return new Presence(this, note, pause);
  }

  /** Somebody else on one of the sources, who came before or does not give way. */
  private Optional<LockHolder> findOther(Presence own, List<SourceIdentity> sources) {
    try {
      Optional<LockHolder> other = Optional.empty();
      for (int looks = 0; looks < LOOKS; looks++) {
        Listing listing = list(Optional.of(own));
        removeGone(listing);
        Optional<LockHolder> ours = holder(listing, own.run());
        other =
            listing.holders().stream()
                .filter(holder -> !holder.note().run().equals(own.run()))
                .filter(holder -> !isGone(holder, listing.now()) && holder.isOnAny(sources))
                .min(Locks::order);
        if (other.isEmpty() || ours.isEmpty() || order(other.get(), ours.get()) < 0) {
          return other;
        }
        // It came after us, so that it gives way, unless it had looked before we were there.
        pause.pause(BETWEEN_LOOKS);
      }
      return other;
    } catch (IOException e) {
      LOG.warn("It cannot be told whether somebody else works on the same: {}", e.toString());
      return Optional.empty();
    }
  }

  private static Optional<LockHolder> holder(Listing listing, CallId run) {
    return listing.holders().stream().filter(each -> each.note().run().equals(run)).findFirst();
  }

  private static int order(LockHolder one, LockHolder other) {
    int order = one.since().compareTo(other.since());
    return order != 0 ? order : one.note().run().hex().compareTo(other.note().run().hex());
  }

  private boolean isGone(LockHolder holder, Instant now) {
    return isDead(holder) || holder.isStale(now);
  }

  private static boolean isDead(LockHolder holder) {
    return holder.over() || LocalProcess.current().knowsDead(holder.note());
  }

  /** Who may not delete finds out at the first. */
  private void removeGone(Listing listing) {
    List<String> gone = goneKeys(listing);
    if (!gone.isEmpty() && remove(gone.get(0))) {
      store
          .deleteAll(gone.subList(1, gone.size()))
          .forEach((key, e) -> LOG.debug("A lock cannot be removed: {}", e.toString()));
    }
  }

  private List<String> goneKeys(Listing listing) {
    return Stream.concat(
            listing.holders().stream()
                .filter(holder -> isGone(holder, listing.now()))
                .flatMap(holder -> holder.keys().stream()),
            listing.foreign().stream())
        .toList();
  }

  /** Goes by the time of one's own lock, just stored, if there is one; that is not read again. */
  private Listing list(Optional<Presence> own) throws IOException {
    LogState state = log.state();
    Instant latest = state.headTime().orElse(Instant.EPOCH);
    Map<CallId, LockHolder> holders = new LinkedHashMap<>();
    List<Stored> foreign = new ArrayList<>();
    for (Stored each : items()) {
      latest = each.time().isAfter(latest) ? each.time() : latest;
      Optional<LockNote> known = own.flatMap(presence -> presence.noteAt(each.key()));
      Optional<LockNote> note = known.isPresent() ? known : read(each);
      if (note.isPresent()) {
        holders.merge(note.get().run(), holder(note.get(), each, state), Locks::merged);
      } else {
        foreign.add(each);
      }
    }
    Instant now =
        own.flatMap(presence -> Optional.ofNullable(holders.get(presence.run())))
            .map(LockHolder::lastSign)
            .orElse(latest);
    return new Listing(
        List.copyOf(holders.values()),
        foreign.stream()
            .filter(each -> LockHolder.isStale(each.time(), now))
            .map(Stored::key)
            .toList(),
        now);
  }

  private List<Stored> items() throws IOException {
    List<Stored> items = new ArrayList<>();
    Page page;
    String after = "";
    do {
      page = store.list(LockItem.PREFIX, after);
      items.addAll(page.items());
      after = items.isEmpty() ? "" : items.get(items.size() - 1).key();
    } while (!page.last() && items.size() < MAX_LOCKS);
    return items.subList(0, Math.min(items.size(), MAX_LOCKS));
  }

  /** What a lock says; nothing if it is gone, or not what somebody with the key stored there. */
  private Optional<LockNote> read(Stored stored) throws IOException {
    if (stored.size() > LockItem.MAX_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) stored.size());
    try {
      store.read(stored.key(), 0, bytes);
      return Optional.of(item.open(stored.key(), bytes.array()));
    } catch (NoSuchFileException | EOFException | FormatException e) {
      LOG.debug("A lock cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }

  private static LockHolder holder(LockNote note, Stored stored, LogState state) {
    Optional<Instant> sign =
        state.calls().stream()
            .filter(call -> call.call().equals(note.run()))
            .findFirst()
            .flatMap(call -> sign(call, state));
    Instant last = sign.filter(stored.time()::isBefore).orElse(stored.time());
    return new LockHolder(
        note, note.since().orElse(stored.time()), last, note.over(), List.of(stored.key()));
  }

  private static Optional<Instant> sign(RunningCall call, LogState state) {
    return call.lastSlot() == state.slot() ? state.headTime() : call.lastSign();
  }

  private static LockHolder merged(LockHolder one, LockHolder other) {
    LockHolder newer = one.lastSign().isAfter(other.lastSign()) ? one : other;
    List<String> keys = new ArrayList<>(one.keys());
    keys.addAll(other.keys());
    return new LockHolder(
        newer.note(),
        one.since().isBefore(other.since()) ? one.since() : other.since(),
        newer.lastSign(),
        one.over() || other.over(),
        keys);
  }

  private static LockedException locked(List<SourceIdentity> sources, LockHolder other) {
    LockNote note = other.note();
    SourceIdentity source =
        note.sources().stream().filter(sources::contains).findFirst().orElseThrow();
    return new LockedException(
        String.format(
            "A %s of %s is going on: process %d on %s, since %s. Wait until it is done; should it"
                + " be dead, it counts as such from %s on",
            note.work(),
            source,
            note.process(),
            note.host(),
            other.since().truncatedTo(ChronoUnit.SECONDS),
            other.lastSign().plus(LockHolder.STALE_AFTER).truncatedTo(ChronoUnit.SECONDS)));
  }
}
