package dev.varve.internal.log;

import dev.varve.RefusedException;
import dev.varve.store.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** How often a slot is tried that the listings do not show, be it there or not. */
  private static final int MAX_UNLISTED = 16;

  private static final int BATCH = 256;
  private static final long RECENT_BYTES = 4 << 20;
  private static final long AUDIT_BYTES = 16 << 20;
  private static final int MAX_FAILURES = 4;

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
  private Optional<LostSlotException> gap = Optional.empty();
  private long listFrom = Long.MAX_VALUE;
  private boolean compared;

  private Log(LogPlace place) {
    this.place = place;
    this.item = new SlotItem(place.repository(), place.seal());
    this.reader = new SlotReader(place.store(), item, place.executor());
    this.checkpoints =
        new Checkpoints(place.store(), place.repository(), place.seal(), place.notes());
  }

  /**
   * Begins a log with slot 0.
   *
   * @throws FileAlreadyExistsException if there is one
   */
  public static Log create(LogPlace place, Settings settings) throws IOException {
    Log log = new Log(place);
    if (!log.reader.list(0).isEmpty()) {
      throw new FileAlreadyExistsException(
          SlotItem.PREFIX, null, "There is a log already, though maybe not all of it");
    }
    RecordHeader header = log.header(RecordId.random(), SlotHash.NONE, Instant.EPOCH);
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
    Log log = new Log(place);
    log.open(start);
    return log;
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
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Makes sure that the state was folded from slot 0; many slots are read for that. */
  public LogState verify() throws IOException {
    lock.lock();
    try {
      if (!verified) {
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
    LogState now = refresh();
    requireWritable(now);
    LogRecord record = draft.compute(now);
    RecordId id = RecordId.random();
    Optional<Long> firstTry = Optional.empty();
    Optional<IOException> failure = Optional.empty();
    long tried = 0;
    int tries = 0;
    for (int failures = 0; ; failures += failure.isPresent() ? 1 : 0) {
      if (firstTry.isPresent()) {
        now = refreshAfter(id, record.kind());
        Optional<LogEntry> landed = find(id, record.kind(), firstTry.get(), now.slot());
        if (landed.isPresent()) {
          return landed.get();
        }
        requireListed(id, record.kind(), now, tried, ++tries);
      }
      if (failure.isPresent() && (isFinal(failure.get()) || failures > MAX_FAILURES)) {
        throw isFinal(failure.get())
            ? failure.get()
            : new AppendUnknownException(record.kind(), id, failure.get());
      }
      requireWritable(now);
      record = stillValid(draft, record, now);
      if (record.needsVerifiedState() && !verified) {
        throw new IllegalStateException(
            "A record of kind " + record.kind() + " needs a state folded from slot 0");
      }
      Attempt attempt = attempt(id, now);
      firstTry = Optional.of(firstTry.orElse(attempt.slot));
      tries = attempt.slot == tried ? tries : 0;
      tried = attempt.slot;
      failure = attempt.send(record);
    }
  }

  /**
   * A store that refuses a slot as being there and goes on not listing it would keep us for ever.
   */
  private static void requireListed(
      RecordId id, RecordKind kind, LogState now, long tried, int tries)
      throws AppendUnknownException {
    if (now.slot() < tried && tries > MAX_UNLISTED) {
      String unlisted = " cannot be created, but the store does not list it either";
      throw new AppendUnknownException(kind, id, new IOException(SlotItem.key(tried) + unlisted));
    }
  }

  /** Folds what was appended after a try; one's own record may be there. */
  private LogState refreshAfter(RecordId id, RecordKind kind) throws AppendUnknownException {
    try {
      return refresh();
    } catch (IOException e) {
      throw new AppendUnknownException(kind, id, e);
    }
  }

  private Optional<LogEntry> find(RecordId id, RecordKind kind, long from, long to)
      throws AppendUnknownException {
    try {
      return from > to
          ? Optional.empty()
          : entries(from, to).stream().filter(entry -> entry.id().equals(id)).findFirst();
    } catch (IOException e) {
      throw new AppendUnknownException(kind, id, e);
    }
  }

  /** Whether trying again cannot help, and what was sent does not arrive later. */
  private static boolean isFinal(IOException failure) {
    return failure instanceof AccessDeniedException || failure instanceof RefusedException;
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
        } else if (reading instanceof SlotReader.Lost lost) {
          throw new LostSlotException("Cannot read the log", Map.of(lost.slot(), lost.why()));
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

  /** A large state is worth more slots: what is written follows what was appended. */
  private long dueAfter() {
    long rows = (long) state.packs.size() + state.runs.size() + 10L * state.snapshots().size();
    return Math.max(CHECKPOINT_SLOTS, rows / 2048);
  }

  private void open(Start start) throws IOException {
    lock.lock();
    try {
      startAgain(start, List.of());
      if (basis.slot() >= 0) {
        try {
          foldOn();
          headBytes();
        } catch (RollbackException e) {
          place.notes().accept("The newest checkpoint does not fit the log: " + e.getMessage());
          startAgain(Start.SLOT_0, List.of());
        }
      }
      foldOn();
      if (state.slot() < 0) {
        throw new NoSuchFileException(SlotItem.key(0), null, "There is no log in " + place.store());
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
    recent.clear();
  }

  private void foldOn() throws IOException {
    List<Long> voided = List.of();
    while (true) {
      LogFold fold = new LogFold(basis, headBytes, voided);
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
    gap = fold.missing();
    listFrom = fold.firstMissing().orElse(Long.MAX_VALUE);
    headBytes = fold.headBytes();
    basis = fold.headTime().map(folded::seenAt).orElse(folded);
    verified = basisVerified;
    state = basis;
    if (moved && compared) {
      remember();
    }
  }

  private void remember() {
    try {
      place.remembered().save(new RememberedHead.Position(state.slot(), state.hash()));
    } catch (IOException e) {
      place.notes().accept("The position in the log could not be remembered: " + e);
    }
  }

  /** Compares the log with what was seen before; only then that may be forgotten. */
  private void compareRemembered() throws IOException {
    Optional<RememberedHead.Position> remembered = place.remembered().load();
    if (remembered.isPresent()) {
      long slot = remembered.get().slot();
      if (slot > state.slot()) {
        throw new RollbackException(
            String.format("The log ends in slot %d; slot %d was seen before", state.slot(), slot));
      }
      if (!hashOf(slot).equals(remembered.get().hash())) {
        throw new RollbackException("Slot " + slot + " of the log is not what was seen before");
      }
    }
    compared = true;
    remember();
  }

  /** The hash of a slot's own bytes: the head's, or what the slot after it says. */
  private SlotHash hashOf(long slot) throws IOException {
    if (slot == state.slot()) {
      return state.hash();
    }
    List<LogEntry> after = entries(slot + 1, slot + 1);
    return after.isEmpty() ? SlotHash.of(ownBytes(slot)) : after.get(0).header().predecessor();
  }

  private LogRecord stillValid(Draft draft, LogRecord record, LogState now) throws IOException {
    List<Conflict> conflicts = conflicts(record, now);
    if (conflicts.isEmpty()) {
      return record;
    }
    LogRecord again = draft.again(record, conflicts, now);
    List<Conflict> left = conflicts(again, now);
    if (!left.isEmpty()) {
      throw new LogConflictException(again.kind(), left);
    }
    return again;
  }

  private List<Conflict> conflicts(LogRecord record, LogState now) throws IOException {
    if (record.base() > now.slot()) {
      throw new IllegalArgumentException(
          "A record is based on slot " + record.base() + ", the log ends in " + now.slot());
    }
    return record.base() == now.slot()
        ? List.of()
        : Conflicts.of(entries(record.base() + 1, now.slot()), record);
  }

  private void requireWritable(LogState now) throws IOException {
    if (now.unknown().isPresent()) {
      throw new ReadOnlyLogException(now.unknown().get());
    }
    lock.lock();
    try {
      if (gap.isPresent()) {
        throw gap.get();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One try to create the slot after a state. */
  private final class Attempt {
    private final RecordId id;
    private final LogState after;
    private final byte[] predecessor;
    private final long slot;

    private Attempt(RecordId id, LogState after, byte[] predecessor) {
      this.id = id;
      this.after = after;
      this.predecessor = predecessor;
      this.slot = after.slot() + 1;
    }

    /** Sends the record; empty if the store answered yes or no, else why nobody knows. */
    private Optional<IOException> send(LogRecord record) throws IOException {
      Instant time = after.headTime().orElse(Instant.EPOCH);
      byte[] own = item.seal(slot, header(id, after.hash(), time), record);
      Body body = Body.of(List.of(ByteBuffer.wrap(own), ByteBuffer.wrap(predecessor)));
      try {
        place.store().create(SlotItem.key(slot), body);
        return Optional.empty();
      } catch (FileAlreadyExistsException e) {
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of(e);
      }
    }
  }

  private Attempt attempt(RecordId id, LogState after) throws IOException {
    lock.lock();
    try {
      byte[] predecessor =
          state.slot() == after.slot() ? headBytes() : ownBytes(after.slot(), after.hash());
      return new Attempt(id, after, predecessor);
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

  private byte[] ownBytes(long slot, SlotHash hash) throws IOException {
    byte[] own = ownBytes(slot);
    if (!SlotHash.of(own).equals(hash)) {
      throw new RollbackException("Slot " + slot + " of the log is not what was folded");
    }
    return own;
  }

  private byte[] ownBytes(long slot) throws IOException {
    List<ListedSlot> listed = reader.list(slot);
    Optional<ListedSlot> next = listed.size() > 1 ? Optional.of(listed.get(1)) : Optional.empty();
    if (!listed.isEmpty()
        && reader.read(listed.subList(0, 1), next, 0).get(0) instanceof SlotReader.Good good) {
      return good.own();
    }
    throw new LostSlotException(
        "The log cannot be continued", Map.of(slot, "its bytes cannot be read"));
  }

  private RecordHeader header(RecordId id, SlotHash predecessor, Instant predecessorTime) {
    return new RecordHeader(
        id, predecessor, predecessorTime, place.clock().instant(), place.software(), List.of());
  }
}
