package dev.varve.internal.log;

import dev.varve.internal.format.NewerFormatException;
import dev.varve.store.Body;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of a repository: folds what others append and appends itself. Safe for use by many
 * threads and beside any number of processes; nothing is locked while a {@link Draft} works.
 *
 * <p>A record is appended by creating the next slot, if absent, after everything before it was
 * folded and compared. Whether one's own record landed is decided by its id, never by the state.
 */
public final class Log {

  /** Where folding begins. */
  public enum Start {
    /** At any checkpoint that authenticates: enough for reading and for backups. */
    CHECKPOINT,
    /** At slot 0: for whoever forgets, condemns, replaces or gives up anything. */
    SLOT_0
  }

  /** After how many slots it is worth while to fold from slot 0 in order to write one. */
  static final int VERIFY_SLOTS = 1024;

  private static final long RECENT_BYTES = 4 << 20;

  private final LogPlace place;
  private final SlotItem item;
  private final SlotReader reader;
  private final Following following;
  private final LogEntries entries;
  private final RollbackWatch watch;
  private final ReentrantLock lock = new ReentrantLock();
  private final LongAdder appended = new LongAdder();

  private Log(LogPlace place, boolean lenient) {
    this.place = place;
    item = new SlotItem(place.repository(), place.seal());
    reader = new SlotReader(place.store(), place.copies(), item, place.executor());
    Checkpoints checkpoints =
        new Checkpoints(place.store(), place.repository(), place.seal(), place.notes());
    RecentEntries recent = new RecentEntries(RECENT_BYTES);
    following = new Following(reader, checkpoints, recent, lenient, place.pause());
    entries = new LogEntries(reader, recent, following, lenient);
    watch = new RollbackWatch(place, following, entries, lenient);
  }

  /**
   * Begins a log with slot 0.
   *
   * @throws FileAlreadyExistsException if there is one
   */
  public static Log create(LogPlace place, Settings settings) throws IOException {
    Log log = new Log(place, false);
    if (!log.reader.list(0).isEmpty()) {
      throw new FileAlreadyExistsException(
          SlotItem.PREFIX, null, "There is a log already, though maybe not all of it");
    }
    RecordHeader header = place.header(RecordId.random(), SlotHash.NONE, Instant.EPOCH);
    byte[] own = log.item.seal(0, header, settings);
    Optional<IOException> doubt = Optional.empty();
    try {
      place.store().create(SlotItem.key(0), Body.of(own));
    } catch (IOException e) {
      // It may be there all the same: a retry may even have met its own write.
      doubt = Optional.of(e);
    }
    try {
      log.open(Start.SLOT_0);
    } catch (IOException e) {
      doubt.ifPresent(e::addSuppressed);
      throw e;
    }
    if (doubt.isPresent() && !log.entries(0, 0).get(0).id().equals(header.id())) {
      throw doubt.get();
    }
    return log;
  }

  /** Opens a log and folds it. */
  public static Log open(LogPlace place, Start start) throws IOException {
    Log log = new Log(place, false);
    log.open(start);
    return log;
  }

  /**
   * Opens a log from slot 0 although slots of it may be lost, or an older state may be shown than
   * was seen before: what can be read is folded. Nothing can be appended until {@link #giveUp} or
   * {@link #acceptRollback}.
   */
  public static Log openDamaged(LogPlace place) throws IOException {
    Log log = new Log(place, true);
    log.open(Start.SLOT_0);
    return log;
  }

  LogPlace place() {
    return place;
  }

  /** Where a slot rests in the store. */
  public static String key(long slot) {
    return SlotItem.key(slot);
  }

  /** The slot that rests there. */
  public static Optional<Long> slotOf(String key) {
    return key.startsWith(SlotItem.PREFIX) ? SlotItem.slotOf(key) : Optional.empty();
  }

  /** The state folded last; asks nobody. */
  public LogState state() {
    return following.state();
  }

  /**
   * Folds what others have appended.
   *
   * @throws LostSlotException if a slot is missing or unreadable
   * @throws RollbackException if the log is shorter than it was, or another one
   */
  public LogState refresh() throws IOException {
    lock.lock();
    try {
      foldOn();
      if (watch.rollback().isPresent()) {
        watch.compare();
      }
      return state();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The state to append to: folded anew unless its last slot was listed a moment ago and nothing is
   * wrong. Whoever has appended since has the slot that is tried next.
   */
  LogState fresh() throws IOException {
    lock.lock();
    try {
      return following.isFresh() && watch.rollback().isEmpty() ? state() : refresh();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads a slot that was just created back from the store and folds it, if it follows what was
   * folded.
   */
  void readBack(long slot, Stored stored) throws IOException {
    lock.lock();
    try {
      if (watch.rollback().isEmpty() && following.readBack(slot, stored)) {
        watch.moved();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The slots that nobody can read; never any unless it was opened as damaged. */
  public List<LostSlot> lost() {
    lock.lock();
    try {
      return List.copyOf(following.lost().values());
    } finally {
      lock.unlock();
    }
  }

  /** The slots that are missing and could be read from their successors. */
  public SortedSet<Long> notInPlace() {
    lock.lock();
    try {
      return new TreeSet<>(following.notInPlace());
    } finally {
      lock.unlock();
    }
  }

  /** How this is not the log that was seen before, if it is not. */
  public Optional<RollbackException> rollback() {
    lock.lock();
    try {
      return watch.rollback();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a missing slot back from the copy that its successor has, byte for byte as it was but for
   * its own copy of the slot before, if nobody has that any more.
   *
   * @throws LostSlotException if there is no such copy
   */
  public void putBack(long slot) throws IOException {
    byte[] own = reader.ownBytes(slot);
    byte[] before = new byte[0];
    if (slot > 0) {
      try {
        before = reader.ownBytes(slot - 1);
      } catch (LostSlotException e) {
        place.notes().accept(SlotItem.key(slot) + " is put back without a copy: " + e.getMessage());
      }
    }
    try {
      Body body = Body.of(List.of(ByteBuffer.wrap(own), ByteBuffer.wrap(before)));
      place.store().create(SlotItem.key(slot), body);
    } catch (FileAlreadyExistsException e) {
      place.notes().accept(SlotItem.key(slot) + " has been put back already");
    }
    refresh();
  }

  /**
   * Gives up all slots that nobody can read. What their records said is lost; nothing that was
   * stored before is relied on until it is resumed.
   *
   * @throws NewerFormatException if one of them may be readable for a newer software
   */
  public LogEntry giveUp() throws IOException {
    return append(new GivingUp(this), true);
  }

  /**
   * Goes on with a log that is not the one seen before: gives up whatever followed, of which
   * nothing is known, as {@link #giveUp} does.
   */
  public LogEntry acceptRollback() throws IOException {
    LogEntry accepting = giveUp();
    lock.lock();
    try {
      watch.accept();
    } finally {
      lock.unlock();
    }
    return accepting;
  }

  /** Makes sure that the state was folded from slot 0; many slots are read for that. */
  public LogState verify() throws IOException {
    lock.lock();
    try {
      if (!isVerified()) {
        following.startAgain(Start.SLOT_0);
      }
      foldOn();
      return state();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends a record and returns it read back from its slot: only then it is committed.
   *
   * @throws LogConflictException if others have made it invalid; nothing was appended
   * @throws AppendUnknownException if it was sent and nobody knows whether it arrived
   * @throws ReadOnlyLogException if a newer software writes here
   * @throws IllegalStateException if it does away with something and the state was not {@linkplain
   *     #verify() verified}
   */
  public LogEntry append(Draft draft) throws IOException {
    return append(draft, false);
  }

  private LogEntry append(Draft draft, boolean givingUp) throws IOException {
    LogEntry landed = new Appending(this, place, item, draft, givingUp).run();
    appended.increment();
    return landed;
  }

  /** How many records were appended by this, not by others. */
  public long appended() {
    return appended.sum();
  }

  /** The entries of these slots, without those that were given up. */
  public List<LogEntry> entries(long from, long to) throws IOException {
    return entries.range(from, to);
  }

  /** Hands over the entries of these slots, ascending, without those that were given up. */
  public void forEachEntry(long from, long to, EntryVisitor visitor) throws IOException {
    entries.forEach(from, to, visitor);
  }

  /** Takes one entry after the other. */
  @FunctionalInterface
  public interface EntryVisitor {
    /** Takes an entry. */
    void visit(LogEntry entry) throws IOException;
  }

  /**
   * Stores a checkpoint if enough was appended since the last one; a failure is noted and changes
   * nothing. To be called when a verb is done.
   */
  public void checkpoint() {
    lock.lock();
    try {
      if (!following.lost().isEmpty() || watch.rollback().isPresent()) {
        return;
      }
      long slots = following.slotsSinceCheckpoint();
      if (!following.isVerified() && slots >= VERIFY_SLOTS) {
        verify();
      }
      if (following.isVerified() && slots >= Checkpoints.dueAfterSlots(state())) {
        following.writeCheckpoint();
      }
    } catch (IOException e) {
      place.notes().accept("No checkpoint was stored: " + e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stores a checkpoint now, of a state folded from slot 0.
   *
   * @return when the store says that was: its own clock
   */
  public Instant checkpointNow() throws IOException {
    lock.lock();
    try {
      verify();
      requireWritable(state(), false);
      Optional<Instant> time = following.writeCheckpoint();
      return time.orElseThrow(() -> new IOException("The state is too large for a checkpoint"));
    } finally {
      lock.unlock();
    }
  }

  /** When a slot was stored, by the store's clock; empty if nobody can say. */
  public Optional<Instant> timeOf(long slot) throws IOException {
    LogState now = state();
    if (slot == now.slot()) {
      return now.headTime();
    }
    List<LogEntry> after = entries(slot + 1, slot + 1);
    return after.isEmpty() ? Optional.empty() : Optional.of(after.get(0).predecessorTime());
  }

  private void open(Start start) throws IOException {
    lock.lock();
    try {
      following.startAgain(start);
      boolean folded = false;
      if (following.hasBasis()) {
        try {
          foldOn();
          following.headBytes();
          folded = true;
        } catch (RollbackException e) {
          place.notes().accept("The newest checkpoint does not fit the log: " + e.getMessage());
          following.startAgain(Start.SLOT_0);
        }
      }
      if (!folded) {
        foldOn();
      }
      if (state().slot() < 0) {
        throw new NoSuchFileException(SlotItem.key(0), null, "There is no log in " + place.store());
      }
      following.requireSettings();
      watch.compare();
    } finally {
      lock.unlock();
    }
  }

  private void foldOn() throws IOException {
    if (following.foldOn()) {
      watch.moved();
    }
  }

  /**
   * Folds what others have appended and fails unless something could be appended: for who deletes.
   *
   * @throws ReadOnlyLogException if a newer software writes here
   * @throws LostSlotException if a slot is missing or unreadable
   */
  public void requireWritable() throws IOException {
    requireWritable(refresh(), false);
  }

  /** Fails unless a record could follow this state. */
  void requireWritable(LogState now, boolean givingUp) throws IOException {
    if (now.unknown().isPresent()) {
      throw new ReadOnlyLogException(now.unknown().get());
    }
    lock.lock();
    try {
      if (watch.rollback().isPresent() && !givingUp) {
        throw watch.rollback().get();
      }
      following.requireInPlace(givingUp);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the state was folded from slot 0, as who does away with something must. */
  boolean isVerified() {
    return following.isVerified() || place.rules().believesCheckpoints();
  }

  /** The own bytes of the last slot of a state, as the next slot carries them. */
  byte[] ownBytes(LogState last) throws IOException {
    lock.lock();
    try {
      return state().slot() == last.slot()
          ? following.headBytes()
          : following.ownBytes(last.slot(), last.hash());
    } finally {
      lock.unlock();
    }
  }
}
