package dev.varve.internal.prune;

import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The packs that are not condemned at one slot, with numbers for counting: about 60 bytes a pack.
 * Used by one thread.
 */
final class PackTable implements ChunkCursor.PackNumbers {

  private final LogState state;
  private final boolean anyDamage;
  private long[] highs = new long[64];
  private long[] lows = new long[64];
  private int size;
  private final BitSet usable = new BitSet();
  private final BitSet drawable = new BitSet();

  /** The packs of a state. */
  PackTable(LogState state) {
    this.state = state;
    this.anyDamage = !state.damage().isEmpty();
    state.forEachPack(this::add);
  }

  private void add(PackStatus pack) {
    if (pack.isCondemned()) {
      return;
    }
    if (size == highs.length) {
      highs = Arrays.copyOf(highs, 2 * size);
      lows = Arrays.copyOf(lows, 2 * size);
    }
    highs[size] = pack.name().high();
    lows[size] = pack.name().low();
    usable.set(size, pack.isActive());
    drawable.set(size, pack.isRegistered() && !state.isSuspended(pack));
    size++;
  }

  int size() {
    return size;
  }

  @Override
  public PackName name(int pack) {
    return new PackName(highs[pack], lows[pack]);
  }

  PackStatus status(int pack) {
    return state.pack(name(pack));
  }

  /** The number of a pack, negative if it is condemned or was never named. */
  @Override
  public int find(PackName name) {
    int from = 0;
    int to = size - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = Long.compareUnsigned(highs[middle], name.high());
      if (order == 0) {
        order = Long.compareUnsigned(lows[middle], name.low());
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }

  /** Whether new snapshots rely on it unnamed. */
  boolean isActive(int pack) {
    return usable.get(pack);
  }

  /** Whether a copy in this block may count: the pack is no loss, and the block not damaged. */
  boolean isGood(int pack, int block) {
    return drawable.get(pack) && !(anyDamage && state.isDamaged(name(pack), block));
  }
}
