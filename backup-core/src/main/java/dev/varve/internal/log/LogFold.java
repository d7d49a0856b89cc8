package dev.varve.internal.log;

import dev.varve.internal.format.NewerFormatException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Folds slots as they are read: checks that each follows the one before, passes over those that
 * were given up, and remembers those that nobody could read until somebody has given them up. Used
 * by one thread, for one pass.
 */
final class LogFold {

  private final LogState from;
  private final Folding folding;
  private final List<Long> givenUp;
  private final boolean lenient;
  private final SortedMap<Long, SlotReader.Lost> lost = new TreeMap<>();
  private final Map<Long, SlotHash> skipped = new TreeMap<>();
  private final SortedMap<Long, String> missing = new TreeMap<>();
  private Optional<byte[]> headBytes;
  private Optional<Instant> headTime = Optional.empty();

  /**
   * Begins where {@code from} ends.
   *
   * @param headBytes that slot's own bytes, if they are at hand
   * @param givenUp slots to pass over, of which a later one says so
   * @param lenient whether slots that nobody can read are passed over until somebody decides
   */
  LogFold(LogState from, Optional<byte[]> headBytes, List<Long> givenUp, boolean lenient) {
    this.from = from;
    this.lenient = lenient;
    this.folding = new Folding(from);
    this.headBytes = headBytes;
    this.givenUp = givenUp;
  }

  /** Compares a listing, which begins with the head folded before, with it. */
  void begin(List<ListedSlot> listed) throws RollbackException {
    boolean hasHead = listed.stream().anyMatch(slot -> slot.slot() >= from.slot());
    if (from.slot() >= 0 && !hasHead) {
      throw new RollbackException(
          "The log ends before slot " + from.slot() + ", which was there before");
    }
    for (ListedSlot slot : listed) {
      if (slot.isMissing() && !from.voided().contains(slot.slot())) {
        missing.put(slot.slot(), "it is missing, though a later one is there");
      }
      headTime = Optional.of(slot.time());
    }
  }

  /** How long the own bytes of the last slot taken are, 0 if that is not known. */
  int ownBytes() {
    return folding.storedBytes();
  }

  /**
   * Folds a slot.
   *
   * @return the slots that were given up although they were folded here, if there are any: then
   *     folding has to begin again
   */
  Optional<List<Long>> take(SlotReader.Reading reading) throws IOException {
    long slot = reading.slot();
    if (reading instanceof SlotReader.Lost gone) {
      lost.put(slot, gone);
      skip(slot);
    } else if (reading instanceof SlotReader.Good good) {
      follow(good.entry());
      if (givenUp.contains(slot)) {
        skip(slot);
      } else {
        Optional<List<Long>> tooLate = given(good.entry());
        if (tooLate.isPresent()) {
          return tooLate;
        }
        folding.apply(good.entry());
        headBytes = Optional.of(good.own());
      }
    }
    return Optional.empty();
  }

  /** The state after all that was taken. */
  LogState end() throws LostSlotException, NewerFormatException {
    if (!lost.isEmpty() && !lenient) {
      for (SlotReader.Lost slot : lost.values()) {
        if (slot.newer() > 0) {
          throw new NewerFormatException(SlotItem.key(slot.slot()), slot.newer());
        }
      }
      SortedMap<Long, String> why = new TreeMap<>();
      lost.forEach((slot, reading) -> why.put(slot, reading.why()));
      throw new LostSlotException("The log cannot be read", why);
    }
    return folding.state();
  }

  /** The slots that nobody could read and nobody has given up. */
  List<LostSlot> lost() {
    return lost.values().stream()
        .map(
            slot ->
                new LostSlot(
                    slot.slot(),
                    slot.why(),
                    skipped.getOrDefault(slot.slot(), SlotHash.NONE),
                    slot.newer()))
        .toList();
  }

  /** What of the slots read from their successors is not in its place. */
  Optional<LostSlotException> missing() {
    missing.keySet().removeAll(skipped.keySet());
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(new LostSlotException("Nothing can be appended", missing));
  }

  /** The slots that were read from their successors and are not in their places. */
  SortedSet<Long> notInPlace() {
    return new TreeSet<>(missing.keySet());
  }

  boolean isSkipped(long slot) {
    return skipped.containsKey(slot);
  }

  Optional<byte[]> headBytes() {
    return headBytes;
  }

  Optional<Instant> headTime() {
    return headTime;
  }

  private void skip(long slot) {
    folding.skip(slot, SlotHash.NONE);
    skipped.put(slot, SlotHash.NONE);
    headBytes = Optional.empty();
  }

  /** Checks that an entry follows the slot before it; one that was passed over gets its hash. */
  private void follow(LogEntry entry) throws RollbackException {
    long before = entry.slot() - 1;
    SlotHash predecessor = entry.header().predecessor();
    if (skipped.containsKey(before)) {
      skipped.put(before, predecessor);
    } else if (before >= 0 && !predecessor.equals(folding.hash())) {
      throw new RollbackException(
          "Slot " + entry.slot() + " does not follow slot " + before + " as it is");
    }
  }

  /** Takes note of the slots an entry gives up. */
  private Optional<List<Long>> given(LogEntry entry) throws RollbackException {
    if (!(entry.record() instanceof VoidSlots made)) {
      return Optional.empty();
    }
    List<Long> tooLate = new ArrayList<>();
    for (VoidedSlot given : made.slots()) {
      if (skipped.containsKey(given.slot())) {
        requireHash(given);
        lost.remove(given.slot());
      } else if (!from.voided().contains(given.slot())
          && given.slot() > 0
          && given.slot() < entry.slot()) {
        tooLate.add(given.slot());
      }
    }
    if (tooLate.isEmpty()) {
      return Optional.empty();
    }
    tooLate.addAll(givenUp);
    return Optional.of(tooLate);
  }

  private void requireHash(VoidedSlot given) throws RollbackException {
    SlotHash successor = skipped.getOrDefault(given.slot(), SlotHash.NONE);
    boolean known = !successor.equals(SlotHash.NONE);
    if (known && !successor.equals(given.hash())) {
      throw new RollbackException(
          "Slot " + given.slot() + " was given up, but it was another one than its successor saw");
    }
  }
}
