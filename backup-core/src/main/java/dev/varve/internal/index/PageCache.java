package dev.varve.internal.index;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps some opened pages of all runs, those asked for again longest. Safe for use by many threads,
 * without locks. Takes at most the memory it is given: a page counts 4160 bytes.
 *
 * <p>Each page may stand in one of 16 slots; of these, one that nobody has asked for again gives
 * way. Of a large index, only the pages of names are asked for again, and they stay.
 */
final class PageCache {

  private static final int WAYS = 16;

  /** A page's array with its header, a slot, and the slot's reference. */
  private static final int ENTRY_BYTES = 4160;

  private final AtomicLong owners = new AtomicLong();
  private final AtomicReferenceArray<@Nullable Slot> slots;
  private final int groups;

  /** Where to look first for a slot; a lost update does no harm. */
  private int hand;

  PageCache(long memoryBytes) {
    groups = (int) Math.max(1, Math.min(memoryBytes / ENTRY_BYTES / WAYS, 1 << 24));
    slots = new AtomicReferenceArray<>(groups * WAYS);
  }

  /** A new number for a run. */
  long owner() {
    return owners.incrementAndGet();
  }

  /** The page if it is there. */
  byte @Nullable [] find(long owner, int page) {
    int first = group(owner, page);
    for (int i = first; i < first + WAYS; i++) {
      Slot slot = slots.get(i);
      if (slot != null && slot.page == page && slot.owner == owner) {
        slot.wanted = true;
        return slot.bytes;
      }
    }
    return null;
  }

  /** Keeps the page, which must not change any more. */
  void keep(long owner, int page, byte[] bytes) {
    int first = group(owner, page);
    slots.set(first + leastWanted(first), new Slot(owner, page, bytes));
  }

  /** One of the slots that nobody wanted; if all were, all start anew. */
  private int leastWanted(int first) {
    int start = hand++;
    for (int turn = 0; turn < WAYS; turn++) {
      int way = (start + turn) & (WAYS - 1);
      Slot slot = slots.get(first + way);
      if (slot == null || !slot.wanted) {
        return way;
      }
    }
    for (int way = 0; way < WAYS; way++) {
      Slot slot = slots.get(first + way);
      if (slot != null) {
        slot.wanted = false;
      }
    }
    return start & (WAYS - 1);
  }

  private int group(long owner, int page) {
    long mixed = ((owner << 32) ^ page) * 0x9e3779b97f4a7c15L;
    return (int) (((mixed >>> 32) * groups) >>> 32) * WAYS;
  }

  /** Whether it is wanted is a hint: a lost update does no harm. */
  private static final class Slot {
    final long owner;
    final int page;
    final byte[] bytes;
    boolean wanted;

    Slot(long owner, int page, byte[] bytes) {
      this.owner = owner;
      this.page = page;
      this.bytes = bytes;
    }
  }
}
