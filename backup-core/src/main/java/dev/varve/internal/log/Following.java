package dev.varve.internal.log;

import dev.varve.internal.log.Log.Start;
import dev.varve.internal.store.Pause;
import dev.varve.store.Stored;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far a log has been folded, and how it goes on from there: on top of what was folded last, of
 * a checkpoint, or of nothing. Used under the lock of its {@link Log}, but for {@link #state} and
 * {@link #isVerified}, which everybody may ask. Compares the log with nothing but itself: {@link
 * RollbackWatch} does.
 */
final class Following {

  /** For how long what was listed counts as what is there now: who appends finds out by trying. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final SlotReader reader;
  private final Checkpoints checkpoints;
  private final RecentEntries recent;
  private final boolean lenient;
  private final Pause pause;
  private final SortedMap<Long, LostSlot> lost = new TreeMap<>();
  private volatile LogState state = LogState.EMPTY;
  private volatile boolean verified;
  private LogState basis = LogState.EMPTY;
  private boolean basisVerified;
  private Optional<byte[]> headBytes = Optional.empty();
  private long checkpointSlot = -1;
  private Optional<LostSlotException> gap = Optional.empty();
  private SortedSet<Long> notInPlace = new TreeSet<>();
  private long listFrom = Long.MAX_VALUE;
  private boolean headListed;
  private long listedAtNanos;

  /**
   * Begins before slot 0.
   *
   * @param recent gets the entries that are folded
   * @param lenient whether slots that nobody can read are passed over
   * @param pause tells how old a listing is
   */
  Following(
      SlotReader reader,
      Checkpoints checkpoints,
      RecentEntries recent,
      boolean lenient,
      Pause pause) {
    this.reader = reader;
    this.checkpoints = checkpoints;
    this.recent = recent;
    this.lenient = lenient;
    this.pause = pause;
  }

  /** The state folded last. */
  LogState state() {
    return state;
  }

  /** Whether it was folded from slot 0. */
  boolean isVerified() {
    return verified;
  }

  /** Whether folding goes on from a checkpoint or from what was folded, not from nothing. */
  boolean hasBasis() {
    return basis.slot() >= 0;
  }

  /** The slots that nobody can read and nobody has given up. */
  SortedMap<Long, LostSlot> lost() {
    return lost;
  }

  /** The slots that are missing and were read from their successors. */
  SortedSet<Long> notInPlace() {
    return notInPlace;
  }

  /** Fails if slot 0 is lost: without the settings nothing else means anything. */
  void requireSettings() throws LostSlotException {
    if (lost.containsKey(0L)) {
      throw new LostSlotException("The log cannot be read", Map.of(0L, lost.get(0L).why()));
    }
  }

  /**
   * Fails unless everything before the next slot could be read and is in its place.
   *
   * @param givingUp whether slots that nobody can read are given up by what follows
   */
  void requireInPlace(boolean givingUp) throws LostSlotException {
    if (!lost.isEmpty() && !givingUp) {
      SortedMap<Long, String> why = new TreeMap<>();
      lost.forEach((slot, each) -> why.put(slot, each.why()));
      throw new LostSlotException("Nothing can be appended", why);
    }
    if (gap.isPresent()) {
      throw gap.get();
    }
  }

  /** How many slots were folded since the last checkpoint that is known of. */
  long slotsSinceCheckpoint() {
    return state.slot() - checkpointSlot;
  }

  /** Stores a checkpoint; empty if the state is too large for one. */
  Optional<Instant> writeCheckpoint() throws IOException {
    Optional<Instant> time = checkpoints.write(state);
    checkpointSlot = state.slot();
    return time;
  }

  /** Forgets what was folded, but for {@link #state}, which stays until the next is there. */
  void startAgain(Start start) throws IOException {
    startAgain(start, List.of());
  }

  /** Goes back to a checkpoint that does not contain any of these slots, or before slot 0. */
  private void startAgain(Start start, List<Long> voided) throws IOException {
    Optional<LogState> from =
        start == Start.SLOT_0
            ? Optional.empty()
            : checkpoints.newest(
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

  /** Folds what was appended since; returns whether there was anything. */
  boolean foldOn() throws IOException {
    List<Long> voided = List.of();
    if (!lost.isEmpty()) {
      // By now they may be readable from a successor, or given up.
      startAgain(Start.SLOT_0, voided);
    }
    while (true) {
      LogFold fold = new LogFold(basis, headBytes, voided, lenient);
      long beginNanos = pause.nanoTime();
      List<ListedSlot> listed = reader.list(Math.max(0, Math.min(basis.slot(), listFrom)));
      fold.begin(listed);
      List<Long> tooLate = read(fold, listed);
      if (tooLate.isEmpty()) {
        boolean moved = publish(fold);
        headListed = true;
        listedAtNanos = beginNanos;
        return moved;
      }
      voided = tooLate;
      startAgain(basisVerified ? Start.SLOT_0 : Start.CHECKPOINT, voided);
    }
  }

  /** Whether the last slot was listed a moment ago, as the last, with nothing wrong. */
  boolean isFresh() {
    return headListed && pause.nanoTime() - listedAtNanos < FRESH.toNanos() && isSound();
  }

  private boolean isSound() {
    return lost.isEmpty() && gap.isEmpty() && notInPlace.isEmpty();
  }

  /**
   * Reads a slot that was just created back from the store and folds it, if it follows what was
   * folded; else that is left to {@link #foldOn}.
   *
   * @param stored what the store says of it; its time may differ a little from what it lists
   * @return whether it was folded
   */
  boolean readBack(long slot, Stored stored) throws IOException {
    if (basis.slot() != slot - 1 || !isSound()) {
      return false;
    }
    LogFold fold = new LogFold(basis, headBytes, List.of(), lenient);
    List<ListedSlot> created = List.of(new ListedSlot(slot, stored.size(), stored.time()));
    fold.begin(created);
    for (SlotReader.Batch batch : SlotReader.batches(created, 0, 1)) {
      for (SlotReader.Reading reading : reader.read(batch, fold.ownBytes())) {
        if (!(reading instanceof SlotReader.Good good) || fold.take(reading).isPresent()) {
          return false;
        }
        recent.add(good.entry());
      }
    }
    publish(fold);
    headListed = false;
    return true;
  }

  /** Reads and folds all new slots; returns what was given up after it was folded, if anything. */
  private List<Long> read(LogFold fold, List<ListedSlot> listed) throws IOException {
    int first = 0;
    while (first < listed.size() && listed.get(first).slot() <= basis.slot()) {
      first++;
    }
    for (SlotReader.Batch batch : SlotReader.batches(listed, first, listed.size())) {
      for (SlotReader.Reading reading : reader.read(batch, fold.ownBytes())) {
        Optional<List<Long>> tooLate = fold.take(reading);
        if (tooLate.isPresent()) {
          return tooLate.get();
        }
        if (reading instanceof SlotReader.Good good && !fold.isSkipped(good.slot())) {
          recent.add(good.entry());
        }
      }
    }
    return List.of();
  }

  private boolean publish(LogFold fold) throws IOException {
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
    return moved;
  }

  /** The own bytes of the head, read if they are not at hand. */
  byte[] headBytes() throws IOException {
    if (headBytes.isEmpty()) {
      headBytes = Optional.of(ownBytes(state.slot(), state.hash()));
    }
    return headBytes.get();
  }

  /** None of a slot that nobody can read: its successor gives it up and carries no copy. */
  byte[] ownBytes(long slot, SlotHash hash) throws IOException {
    if (lost.containsKey(slot)) {
      return new byte[0];
    }
    byte[] own = reader.ownBytes(slot);
    if (!SlotHash.of(own).equals(hash)) {
      throw new RollbackException("Slot " + slot + " of the log is not what was folded");
    }
    return own;
  }
}
