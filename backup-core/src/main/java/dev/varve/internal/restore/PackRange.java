package dev.varve.internal.restore;

import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of a pack that is fetched at once, and who wants what of it.
 *
 * @param pack the pack
 * @param offset where the stretch begins, in bytes
 * @param bytes how long it is
 * @param blocks the wanted blocks in it, ascending by offset
 */
record PackRange(PackName pack, long offset, int bytes, List<BlockPieces> blocks) {

  /** How much is fetched at once, unless a single block is longer. */
  static final int MAX_BYTES = 4 << 20;

  /** How many unwanted bytes between two blocks are fetched rather than asking again. */
  private static final int MAX_GAP_BYTES = 256 << 10;

  /** A piece and where its chunk lies. */
  record LocatedPiece(Piece piece, ChunkLocation location) {}

  /** The wanted pieces of one block, ascending by where they lie. */
  record BlockPieces(int ordinal, long offset, int bytes, List<LocatedPiece> pieces) {}

  /** Plans ranges for pieces, each pack fetched in ascending order, neighbours together. */
  static List<PackRange> plan(List<LocatedPiece> pieces) {
    List<LocatedPiece> sorted = new ArrayList<>(pieces);
    sorted.sort(
        Comparator.comparing((LocatedPiece p) -> p.location().pack())
            .thenComparingLong(p -> p.location().blockOffset())
            .thenComparingInt(p -> p.location().block())
            .thenComparingInt(p -> p.location().blockBytes())
            .thenComparingInt(p -> p.location().chunkOffset())
            .thenComparingInt(p -> p.location().chunkBytes()));
    List<PackRange> ranges = new ArrayList<>();
    List<BlockPieces> blocks = new ArrayList<>();
    PackName pack = null;
    for (int i = 0; i < sorted.size(); ) {
      int end = i + 1;
      ChunkLocation first = sorted.get(i).location();
      while (end < sorted.size() && sameBlock(first, sorted.get(end).location())) {
        end++;
      }
      BlockPieces block =
          new BlockPieces(
              first.block(),
              first.blockOffset(),
              first.blockBytes(),
              List.copyOf(sorted.subList(i, end)));
      if (pack != null && (!first.pack().equals(pack) || !joins(blocks, block))) {
        ranges.add(range(pack, blocks));
        blocks = new ArrayList<>();
      }
      pack = first.pack();
      blocks.add(block);
      i = end;
    }
    if (pack != null) {
      ranges.add(range(pack, blocks));
    }
    return ranges;
  }

  private static boolean sameBlock(ChunkLocation one, ChunkLocation other) {
    return one.pack().equals(other.pack())
        && one.blockOffset() == other.blockOffset()
        && one.block() == other.block()
        && one.blockBytes() == other.blockBytes();
  }

  private static boolean joins(List<BlockPieces> blocks, BlockPieces next) {
    BlockPieces last = blocks.get(blocks.size() - 1);
    long gap = next.offset() - (last.offset() + last.bytes());
    long together = next.offset() + next.bytes() - blocks.get(0).offset();
    return gap >= 0 && gap <= MAX_GAP_BYTES && together <= MAX_BYTES;
  }

  private static PackRange range(PackName pack, List<BlockPieces> blocks) {
    BlockPieces last = blocks.get(blocks.size() - 1);
    long start = blocks.get(0).offset();
    return new PackRange(
        pack, start, Math.toIntExact(last.offset() + last.bytes() - start), List.copyOf(blocks));
  }
}
