package dev.varve.internal.prune;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RowCursor;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.index.SortedRows;
import dev.varve.internal.task.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Counts what of each pack is needed, by going once through the index beside what is marked, and
 * finds a home for every chunk: the one pack that its copies are counted in. Used by one thread.
 *
 * <p>A chunk with one good copy is at home there. Of several, an active pack's comes first, then
 * that of the pack that is used best. A chunk without a good copy holds every pack that claims it.
 */
final class UseCount {

  private static final int DUPLICATE_MEMORY_BYTES = 2 << 20;
  private static final int MOST_COPIES = 16;
  private static final int DUPLICATE_BYTES = ChunkId.BYTES + 4 + 4 * MOST_COPIES;

  private final PackTable packs;
  private final boolean sparing;
  private final long[] total;
  private final long[] live;
  private final long[] needed;
  private final BitSet holding = new BitSet();
  private Optional<RowSet> duplicates = Optional.empty();
  private long missing;

  /**
   * Counts for these packs.
   *
   * @param sparing whether every copy is at home, because none of them can be opened
   */
  UseCount(PackTable packs, boolean sparing) {
    this.packs = packs;
    this.sparing = sparing;
    this.total = new long[packs.size()];
    this.live = new long[packs.size()];
    this.needed = new long[packs.size()];
  }

  /** Counts what is claimed beside what is marked. */
  void run(
      Scratch scratch, ClaimedChunks claimed, Collection<RowSet> marked, Cancellation cancellation)
      throws IOException {
    SortedRows several = scratch.rows(DUPLICATE_BYTES, DUPLICATE_MEMORY_BYTES);
    try (MarkedChunks reached = new MarkedChunks(marked)) {
      while (claimed.next()) {
        boolean isLive = reached.contains(claimed.id());
        count(claimed, isLive, several);
      }
      reached.passAll();
      missing = reached.passed();
    }
    duplicates = Optional.of(several.finish());
    try (RowCursor cursor = duplicates.get().cursor()) {
      while (cursor.next()) {
        cancellation.check();
        ByteBuffer row = ByteBuffer.wrap(cursor.row());
        int length = row.getInt(ChunkId.BYTES);
        needed[home(row)] += length;
      }
    }
  }

  /** How many chunks snapshots reach that no run speaks of. */
  long missing() {
    return missing;
  }

  PackUse use(int pack, boolean suspended, boolean registering) {
    return new PackUse(
        packs.status(pack), suspended, registering, total[pack], needed[pack], holding.get(pack));
  }

  /** The pack in which a chunk that is claimed to be in these places is at home, if in any. */
  Optional<ChunkLocation> home(List<ChunkLocation> places) {
    int best = -1;
    int copies = 0;
    Optional<ChunkLocation> at = Optional.empty();
    for (ChunkLocation place : places) {
      int pack = packs.find(place.pack());
      if (pack >= 0 && packs.isGood(pack, place.block()) && copies++ < MOST_COPIES) {
        best = best < 0 ? pack : better(best, pack);
        at = best == pack ? Optional.of(place) : at;
      }
    }
    return at;
  }

  private void count(ClaimedChunks claimed, boolean isLive, SortedRows several) throws IOException {
    List<Integer> good = new ArrayList<>(1);
    int length = 0;
    boolean anywhere = false;
    for (int i = 0; i < claimed.places().size(); i++) {
      ChunkLocation place = claimed.places().get(i);
      int pack = claimed.packs().get(i);
      if (pack < 0) {
        continue;
      }
      anywhere = true;
      total[pack] += place.chunkBytes();
      if (isLive && packs.isGood(pack, place.block()) && !good.contains(pack)) {
        good.add(pack);
        length = place.chunkBytes();
        live[pack] += length;
      }
    }
    if (!isLive) {
      return;
    }
    if (good.isEmpty()) {
      hold(claimed.places());
      missing += anywhere ? 0 : 1;
    } else if (good.size() == 1 || sparing) {
      for (int pack : good) {
        needed[pack] += length;
      }
    } else {
      several.add(duplicate(claimed.id(), length, good));
    }
  }

  private void hold(List<ChunkLocation> places) {
    for (ChunkLocation place : places) {
      int pack = packs.find(place.pack());
      if (pack >= 0) {
        holding.set(pack);
      }
    }
  }

  private static byte[] duplicate(ChunkId id, int length, List<Integer> good) {
    byte[] row = new byte[DUPLICATE_BYTES];
    id.write(row, 0);
    ByteBuffer rest = ByteBuffer.wrap(row, ChunkId.BYTES, row.length - ChunkId.BYTES);
    rest.putInt(length);
    good.stream().limit(MOST_COPIES).forEach(rest::putInt);
    while (rest.hasRemaining()) {
      rest.putInt(-1);
    }
    return row;
  }

  private int home(ByteBuffer row) {
    int best = row.getInt(ChunkId.BYTES + 4);
    for (int at = ChunkId.BYTES + 8; at < DUPLICATE_BYTES && row.getInt(at) >= 0; at += 4) {
      best = better(best, row.getInt(at));
    }
    return best;
  }

  private int better(int a, int b) {
    if (packs.isActive(a) != packs.isActive(b)) {
      return packs.isActive(a) ? a : b;
    }
    int order = Double.compare(fill(a), fill(b));
    return order > 0 || (order == 0 && a <= b) ? a : b;
  }

  private double fill(int pack) {
    return total[pack] == 0 ? 0 : (double) live[pack] / total[pack];
  }

  /** All that was counted, for tests. */
  @Override
  public String toString() {
    return "total " + Arrays.toString(total) + ", needed " + Arrays.toString(needed);
  }
}
