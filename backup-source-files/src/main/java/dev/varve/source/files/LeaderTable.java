package dev.varve.source.files;

/**
 * Remembers two numbers for each hard-link group, in 24 bytes of arrays at a load of a half: a tree
 * may have a million groups. Used by one thread.
 */
final class LeaderTable {

  private static final int FIRST_SLOTS = 64;

  /** Group, ordinal and likeness side by side; an ordinal of 0 is an empty slot. */
  private long[] slots = new long[3 * FIRST_SLOTS];

  private int size;

  /** Puts numbers for a group that has none. */
  void put(long group, long ordinal, long likeness) {
    if (2 * (size + 1) > slots.length / 3) {
      grow();
    }
    int at = slot(slots, group);
    slots[at] = group;
    slots[at + 1] = ordinal + 1;
    slots[at + 2] = likeness;
    size++;
  }

  /** Whether the group has numbers. */
  boolean has(long group) {
    return slots[slot(slots, group) + 1] != 0;
  }

  /** The first number of a group that has them. */
  long ordinal(long group) {
    return slots[slot(slots, group) + 1] - 1;
  }

  /** The second number of a group that has them. */
  long likeness(long group) {
    return slots[slot(slots, group) + 2];
  }

  private void grow() {
    long[] old = slots;
    slots = new long[Math.multiplyExact(old.length, 2)];
    for (int at = 0; at < old.length; at += 3) {
      if (old[at + 1] != 0) {
        System.arraycopy(old, at, slots, slot(slots, old[at]), 3);
      }
    }
  }

  private static int slot(long[] slots, long group) {
    int count = slots.length / 3;
    int at = Math.floorMod(Long.hashCode(group * 0x9e37_79b9_7f4a_7c15L), count);
    while (slots[3 * at + 1] != 0 && slots[3 * at] != group) {
      at = (at + 1) % count;
    }
    return 3 * at;
  }
}
