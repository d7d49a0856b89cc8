package dev.varve.internal.log;

import dev.varve.internal.format.NewerFormatException;
import dev.varve.store.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

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

  /** After how many slots a new checkpoint is worth while. */
  static final int CHECKPOINT_SLOTS = 64;

  /** After how many slots it is worth while to fold from slot 0 in order to write one. */
  static final int VERIFY_SLOTS = 1024;

  /** How many damaged slots in a row a slot is read across, one from the copy in the next. */
  private static final int MOST_DAMAGED = 8;

  private static final int BATCH = 256;
  private static final long RECENT_BYTES = 4 << 20;
  private static final long AUDIT_BYTES = 16 << 20;

  private final LogPlace place;
  private final SlotItem item;
  private final SlotReader reader;
  private final Checkpoints checkpoints;
  private final RecentEntries recent = new RecentEntries(RECENT_BYTES);
  private final ReentrantLock lock = new ReentrantLock();
  private volatile LogState state = LogState.EMPTY;
  private volatile boolean verified;
  private LogState basis = LogState.EMPTY;
  private boolean basisVerified;
  private Optional<byte[]> headBytes = Optional.empty();
  private long checkpointSlot = -1;
  private final boolean lenient;
  private final SortedMap<Long, LostSlot> lost = new TreeMap<>();
  private Optional<RollbackException> rollback = Optional.empty();
  private Optional<LostSlotException> gap = Optional.empty();
  private SortedSet<Long> notInPlace = new TreeSet<>();
  private long listFrom = Long.MAX_VALUE;
  private boolean compared;

  private Log(LogPlace place, boolean lenient) {
    this.place = place;
    this.lenient = lenient;
    this.item = new SlotItem(place.repository(), place.seal());
    this.reader = new SlotReader(place.store(), place.copies(), item, place.executor());
    this.checkpoints =
        new Checkpoints(place.store(), place.repository(), place.seal(), place.notes());
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
    return state;
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
      if (rollback.isPresent()) {
        compareRemembered();
      }
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** The slots that nobody can read; never any unless it was opened as damaged. */
  public List<LostSlot> lost() {
    lock.lock();
    try {
      return List.copyOf(lost.values());
    } finally {
      lock.unlock();
    }
  }

  /** The slots that are missing and could be read from their successors. */
  public SortedSet<Long> notInPlace() {
    lock.lock();
    try {
      return new TreeSet<>(notInPlace);
    } finally {
      lock.unlock();
    }
  }

  /** How this is not the log that was seen before, if it is not. */
  public Optional<RollbackException> rollback() {
    lock.lock();
    try {
      return rollback;
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
    byte[] own = ownBytes(slot);
    byte[] before = new byte[0];
    if (slot > 0) {
      try {
        before = ownBytes(slot - 1);
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
    return append(
        new Draft() {
          @Override
          public LogRecord compute(LogState state) throws IOException {
            return new VoidSlots(state.slot(), toGiveUp());
          }

          @Override
          public LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state)
              throws IOException {
            if (lost().isEmpty() && rollback().isEmpty()) {
              throw new LogConflictException(record.kind(), conflicts);
            }
            return compute(state);
          }
        },
        true);
  }

  /**
   * Goes on with a log that is not the one seen before: gives up whatever followed, of which
   * nothing is known, as {@link #giveUp} does.
   */
  public LogEntry acceptRollback() throws IOException {
    LogEntry accepting = giveUp();
    lock.lock();
    try {
      place.remembered().accept(new RememberedHead.Position(state.slot(), state.hash()));
      rollback = Optional.empty();
      compared = true;
    } finally {
      lock.unlock();
    }
    return accepting;
  }

  private List<VoidedSlot> toGiveUp() throws IOException {
    List<VoidedSlot> slots = new ArrayList<>();
    for (LostSlot slot : lost()) {
      if (slot.newer() > 0) {
        throw new NewerFormatException(slot.key(), slot.newer());
      }
      slots.add(new VoidedSlot(slot.slot(), slot.hash()));
    }
    return slots;
  }

  /** Makes sure that the state was folded from slot 0; many slots are read for that. */
  public LogState verify() throws IOException {
    lock.lock();
    try {
      if (!isVerified()) {
        startAgain(Start.SLOT_0, List.of());
      }
      foldOn();
      return state;
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
    return new Appending(this, place, item, draft, givingUp).run();
  }

  /** The entries of these slots, without those that were given up. */
  public List<LogEntry> entries(long from, long to) throws IOException {
    Optional<List<LogEntry>> known = recent.range(from, to);
    if (known.isPresent()) {
      return known.get();
    }
    List<LogEntry> entries = new ArrayList<>();
    forEachEntry(from, to, entries::add);
    return entries;
  }

  /** Hands over the entries of these slots, ascending, without those that were given up. */
  public void forEachEntry(long from, long to, EntryVisitor visitor) throws IOException {
    List<ListedSlot> listed = reader.list(from);
    int count = (int) Math.min(listed.size(), Math.max(0, to - from + 1));
    for (int i = 0; i < count; i += BATCH) {
      int end = Math.min(count, i + BATCH);
      Optional<ListedSlot> next =
          end < listed.size() ? Optional.of(listed.get(end)) : Optional.empty();
      for (SlotReader.Reading reading : reader.read(listed.subList(i, end), next, 0)) {
        if (state.voided().contains(reading.slot())) {
          continue;
        }
        if (reading instanceof SlotReader.Good good) {
          visitor.visit(good.entry());
        } else if (reading instanceof SlotReader.Lost gone && !lenient) {
          throw new LostSlotException("Cannot read the log", Map.of(gone.slot(), gone.why()));
        }
      }
    }
  }

  /** Takes one entry after the other. */
  @FunctionalInterface
  public interface EntryVisitor {
    /** Takes an entry. */
    void visit(LogEntry entry) throws IOException;
  }

  /**
   * Compares every record again with those between its base and its slot.
   *
   * @param invalid takes the entries that should not have been appended, and why
   */
  public void audit(BiConsumer<LogEntry, List<Conflict>> invalid) throws IOException {
    RecentEntries window = new RecentEntries(AUDIT_BYTES);
    forEachEntry(
        1,
        state.slot(),
        entry -> {
          long from = entry.record().base() + 1;
          long to = entry.slot() - 1;
          if (from <= to) {
            Optional<List<LogEntry>> known = window.range(from, to);
            List<LogEntry> between = known.isPresent() ? known.get() : entries(from, to);
            List<Conflict> conflicts = Conflicts.of(between, entry.record());
            if (!conflicts.isEmpty()) {
              invalid.accept(entry, conflicts);
            }
          }
          window.add(entry);
        });
  }

  /**
   * Stores a checkpoint if enough was appended since the last one; a failure is noted and changes
   * nothing. To be called when a verb is done.
   */
  public void checkpoint() {
    lock.lock();
    try {
      if (!lost.isEmpty() || rollback.isPresent()) {
        return;
      }
      long slots = state.slot() - checkpointSlot;
      if (!verified && slots >= VERIFY_SLOTS) {
        verify();
      }
      if (verified && slots >= dueAfter()) {
        checkpoints.write(state);
        checkpointSlot = state.slot();
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
      requireWritable(state, false);
      Optional<Instant> time = checkpoints.write(state);
      checkpointSlot = state.slot();
      return time.orElseThrow(() -> new IOException("The state is too large for a checkpoint"));
    } finally {
      lock.unlock();
    }
  }

  /** When a slot was stored, by the store's clock; empty if nobody can say. */
  public Optional<Instant> timeOf(long slot) throws IOException {
    if (slot == state.slot()) {
      return state.headTime();
    }
    List<LogEntry> after = entries(slot + 1, slot + 1);
    return after.isEmpty() ? Optional.empty() : Optional.of(after.get(0).predecessorTime());
  }

  /** A large state is worth more slots: what is written follows what was appended. */
  private long dueAfter() {
    long rows = (long) state.packs.size() + state.runs.size() + 10L * state.snapshots().size();
    return Math.max(CHECKPOINT_SLOTS, rows / 2048);
  }

  private void open(Start start) throws IOException {
    lock.lock();
    try {
      startAgain(start, List.of());
      boolean folded = false;
      if (basis.slot() >= 0) {
        try {
          foldOn();
          headBytes();
          folded = true;
        } catch (RollbackException e) {
          place.notes().accept("The newest checkpoint does not fit the log: " + e.getMessage());
          startAgain(Start.SLOT_0, List.of());
        }
      }
      if (!folded) {
        foldOn();
      }
      if (state.slot() < 0) {
        throw new NoSuchFileException(SlotItem.key(0), null, "There is no log in " + place.store());
      }
      if (lost.containsKey(0L)) {
        // Without the settings nothing else means anything.
        throw new LostSlotException("The log cannot be read", Map.of(0L, lost.get(0L).why()));
      }
      compareRemembered();
    } finally {
      lock.unlock();
    }
  }

  /** Goes back to a checkpoint that does not contain any of these slots, or before slot 0. */
  private void startAgain(Start start, List<Long> voided) throws IOException {
    Optional<LogState> from =
        start == Start.SLOT_0
            ? Optional.empty()
            : checkpoints.newest(
                LogEntry.MAX_SLOT,
                candidate ->
                    voided.stream()
                        .allMatch(
                            slot -> slot > candidate.slot() || candidate.voided().contains(slot)));
    basisVerified = from.isEmpty();
    basis = from.orElse(LogState.EMPTY);
    checkpointSlot = basis.slot();
    headBytes = Optional.empty();
    listFrom = Long.MAX_VALUE;
    lost.clear();
    recent.clear();
  }

  private void foldOn() throws IOException {
    List<Long> voided = List.of();
    if (!lost.isEmpty()) {
      // By now they may be readable from a successor, or given up.
      startAgain(Start.SLOT_0, voided);
    }
    while (true) {
      LogFold fold = new LogFold(basis, headBytes, voided, lenient);
      List<ListedSlot> listed = reader.list(Math.max(0, Math.min(basis.slot(), listFrom)));
      fold.begin(listed);
      Optional<List<Long>> tooLate = read(fold, listed);
      if (tooLate.isPresent()) {
        voided = tooLate.get();
        startAgain(basisVerified ? Start.SLOT_0 : Start.CHECKPOINT, voided);
        continue;
      }
      publish(fold);
      return;
    }
  }

  /** Reads and folds all new slots; returns what was given up after it was folded, if anything. */
  private Optional<List<Long>> read(LogFold fold, List<ListedSlot> listed) throws IOException {
    int first = 0;
    while (first < listed.size() && listed.get(first).slot() <= basis.slot()) {
      first++;
    }
    for (int i = first; i < listed.size(); i += BATCH) {
      int end = Math.min(listed.size(), i + BATCH);
      Optional<ListedSlot> next =
          end < listed.size() ? Optional.of(listed.get(end)) : Optional.empty();
      for (SlotReader.Reading reading :
          reader.read(listed.subList(i, end), next, fold.ownBytes())) {
        Optional<List<Long>> tooLate = fold.take(reading);
        if (tooLate.isPresent()) {
          return tooLate;
        }
        if (reading instanceof SlotReader.Good good && !fold.isSkipped(good.slot())) {
          recent.add(good.entry());
        }
      }
    }
    return Optional.empty();
  }

  private void publish(LogFold fold) throws IOException {
    LogState folded = fold.end();
    boolean moved = folded.slot() != state.slot();
    fold.lost().forEach(slot -> lost.put(slot.slot(), slot));
    gap = fold.missing();
    notInPlace = fold.notInPlace();
    listFrom = notInPlace.isEmpty() ? Long.MAX_VALUE : notInPlace.first();
    headBytes = fold.headBytes();
    basis = fold.headTime().map(folded::seenAt).orElse(folded);
    verified = basisVerified;
    state = basis;
    if (moved && compared) {
      remember();
    }
  }

  private void remember() {
    if (!lost.isEmpty()) {
      return;
    }
    try {
      place.remembered().save(new RememberedHead.Position(state.slot(), state.hash()));
    } catch (IOException e) {
      place.notes().accept("The position in the log could not be remembered: " + e);
    }
  }

  /** Compares the log with what was seen before; only then that may be forgotten. */
  private void compareRemembered() throws IOException {
    try {
      requireRemembered();
    } catch (RollbackException e) {
      if (!lenient) {
        throw e;
      }
      rollback = Optional.of(e);
      return;
    }
    rollback = Optional.empty();
    compared = true;
    remember();
  }

  private void requireRemembered() throws IOException {
    Optional<RememberedHead.Position> remembered = place.remembered().load();
    if (remembered.isPresent()) {
      long slot = remembered.get().slot();
      if (slot > state.slot()) {
        throw new RollbackException(
            String.format("The log ends in slot %d; slot %d was seen before", state.slot(), slot));
      }
      // Of a slot that is lost nobody can say any more what it was.
      boolean known = !lost.containsKey(slot) && !state.voided().contains(slot);
      if (known && !hashOf(slot).equals(remembered.get().hash())) {
        throw new RollbackException("Slot " + slot + " of the log is not what was seen before");
      }
    }
  }

  /** The hash of a slot's own bytes: the head's, or what the slot after it says. */
  private SlotHash hashOf(long slot) throws IOException {
    if (slot == state.slot()) {
      return state.hash();
    }
    List<LogEntry> after = entries(slot + 1, slot + 1);
    return after.isEmpty() ? SlotHash.of(ownBytes(slot)) : after.get(0).header().predecessor();
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
      if (rollback.isPresent() && !givingUp) {
        throw rollback.get();
      }
      if (!lost.isEmpty() && !givingUp) {
        SortedMap<Long, String> why = new TreeMap<>();
        lost.forEach((slot, each) -> why.put(slot, each.why()));
        throw new LostSlotException("Nothing can be appended", why);
      }
      if (gap.isPresent()) {
        throw gap.get();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the state was folded from slot 0, as who does away with something must. */
  boolean isVerified() {
    return verified || place.rules().believesCheckpoints();
  }

  /** The own bytes of the last slot of a state, as the next slot carries them. */
  byte[] ownBytes(LogState last) throws IOException {
    lock.lock();
    try {
      return state.slot() == last.slot() ? headBytes() : ownBytes(last.slot(), last.hash());
    } finally {
      lock.unlock();
    }
  }

  /** The own bytes of the head, read if they are not at hand. */
  private byte[] headBytes() throws IOException {
    if (headBytes.isEmpty()) {
      headBytes = Optional.of(ownBytes(state.slot(), state.hash()));
    }
    return headBytes.get();
  }

  /** None of a slot that nobody can read: its successor gives it up and carries no copy. */
  private byte[] ownBytes(long slot, SlotHash hash) throws IOException {
    if (lost.containsKey(slot)) {
      return new byte[0];
    }
    byte[] own = ownBytes(slot);
    if (!SlotHash.of(own).equals(hash)) {
      throw new RollbackException("Slot " + slot + " of the log is not what was folded");
    }
    return own;
  }

  private byte[] ownBytes(long slot) throws IOException {
    List<ListedSlot> listed = reader.list(slot);
    // Those behind it, too: a slot that is damaged itself may be read from one further on.
    int some = Math.min(listed.size(), 1 + MOST_DAMAGED);
    Optional<ListedSlot> next =
        listed.size() > some ? Optional.of(listed.get(some)) : Optional.empty();
    if (some > 0
        && reader.read(listed.subList(0, some), next, 0).get(0) instanceof SlotReader.Good good) {
      return good.own();
    }
    throw new LostSlotException(
        "The log cannot be continued", Map.of(slot, "its bytes cannot be read"));
  }
}
