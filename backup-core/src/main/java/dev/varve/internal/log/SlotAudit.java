package dev.varve.internal.log;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.store.ReadCache;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks at every slot's item as it rests: its own bytes, and the copy of the slot before, of which
 * folding reads nothing as long as that slot is sound. Whoever folds notices neither a slot that
 * only its successor still knows nor a copy that is of no use any more; the next damage would cost
 * a slot. Stateless.
 */
public final class SlotAudit {

  private static final int BATCH = 256;

  private SlotAudit() {}

  /**
   * What is wrong with which item; slots that {@code state} says were given up are passed over, and
   * so is what others still hold of them.
   */
  public static SortedMap<String, String> of(LogPlace place, LogState state) throws IOException {
    SlotItem item = new SlotItem(place.repository(), place.seal());
    List<ListedSlot> slots =
        new SlotReader(place.store(), ReadCache.none(), item, place.executor()).list(0);
    slots.removeIf(slot -> state.voided().contains(slot.slot()));
    SortedMap<String, String> wrong = new TreeMap<>();
    for (int i = 0; i < slots.size(); i += BATCH) {
      List<ListedSlot> some = slots.subList(i, Math.min(slots.size(), i + BATCH));
      SharedWork.run(
          some.size(),
          n ->
              damage(place, item, some.get(n), state.voided())
                  .ifPresent(
                      what -> {
                        synchronized (wrong) {
                          wrong.put(SlotItem.key(some.get(n).slot()), what);
                        }
                      }),
          place.executor());
    }
    return wrong;
  }

  private static Optional<String> damage(
      LogPlace place, SlotItem item, ListedSlot slot, Set<Long> givenUp) throws IOException {
    if (slot.isMissing()) {
      return Optional.of("The slot is missing");
    }
    if (slot.bytes() < SlotItem.START_BYTES || slot.bytes() > 2L * SlotItem.MAX_OWN_BYTES) {
      return Optional.of("No slot has " + slot.bytes() + " bytes");
    }
    try {
      byte[] whole = new byte[(int) slot.bytes()];
      place.store().read(SlotItem.key(slot.slot()), 0, ByteBuffer.wrap(whole));
      int ownBytes = SlotItem.ownBytes(whole);
      if (ownBytes > whole.length) {
        return Optional.of("The slot ends before its record does");
      }
      LogEntry entry = item.open(slot.slot(), Arrays.copyOf(whole, ownBytes));
      byte[] copy = Arrays.copyOfRange(whole, ownBytes, whole.length);
      boolean spare = slot.slot() == 0 ? copy.length == 0 : givenUp.contains(slot.slot() - 1);
      boolean sound = spare || SlotHash.of(copy).equals(entry.header().predecessor());
      return sound
          ? Optional.empty()
          : Optional.of("The slot itself is sound, but not its copy of the slot before");
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return Optional.of("The slot is damaged: " + e.getMessage());
    }
  }
}
