package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.restore.PackRange.LocatedPiece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Neighbours are fetched together, nothing twice and nothing that is far away from the rest. */
class PackRangeTest {

  private static final PackName PACK = new PackName(1, 2);
  private static final PackName LATER = new PackName(2, 1);
  private static final int GAP = 256 << 10;

  private static LocatedPiece piece(
      PackName pack, int block, long offset, int bytes, int chunkOffset, int chunkBytes) {
    Entry entry = Entry.builder(EntryPath.of("f"), EntryKind.FILE).build();
    EntryDelivery delivery = new EntryDelivery(entry, new Received(), problem -> {});
    ChunkRef ref = new ChunkRef(ChunkId.at(new byte[ChunkId.BYTES], 0), chunkBytes);
    return new LocatedPiece(
        new Piece(delivery, 0, ref),
        new ChunkLocation(pack, block, offset, bytes, chunkOffset, chunkBytes));
  }

  private static LocatedPiece whole(int block, long offset, int bytes) {
    return piece(PACK, block, offset, bytes, 0, 1);
  }

  private static String shown(List<PackRange> ranges) {
    StringBuilder out = new StringBuilder();
    for (PackRange range : ranges) {
      out.append(range.pack().high()).append('@').append(range.offset());
      out.append('+').append(range.bytes()).append(':');
      for (PackRange.BlockPieces block : range.blocks()) {
        out.append(" #").append(block.ordinal()).append('@').append(block.offset());
        out.append('+').append(block.bytes());
        for (LocatedPiece piece : block.pieces()) {
          out.append('/').append(piece.location().chunkOffset());
          out.append('+').append(piece.location().chunkBytes());
        }
      }
      out.append('\n');
    }
    return out.toString();
  }

  @Test
  void plan_nothing_isNothing() {
    assertEquals(List.of(), PackRange.plan(List.of()));
  }

  @Test
  void plan_neighboursInAnyOrder_areFetchedAtOnceInTheirOrder() {
    List<LocatedPiece> pieces = new ArrayList<>();
    pieces.add(piece(LATER, 0, 100, 50, 0, 7));
    pieces.add(piece(PACK, 0, 100, 50, 0, 7));
    pieces.add(piece(PACK, 0, 100, 50, 7, 3));
    pieces.add(piece(PACK, 0, 100, 50, 7, 4));
    pieces.add(piece(PACK, 0, 100, 50, 7, 3));
    pieces.add(piece(PACK, 0, 100, 50, 0, 7));
    pieces.add(piece(PACK, 3, 166, 1000, 5, 5));
    for (int seed = 0; seed < 50; seed++) {
      Collections.shuffle(pieces, new Random(seed));
      assertEquals(
          "1@100+1066: #0@100+50/0+7/0+7/7+3/7+3/7+4 #3@166+1000/5+5\n2@100+50: #0@100+50/0+7\n",
          shown(PackRange.plan(pieces)));
    }
  }

  @Test
  void plan_gaps_areFetchedAlongUpToALimit() {
    assertEquals(
        "1@0+262164: #0@0+10/0+1 #1@262154+10/0+1\n",
        shown(PackRange.plan(List.of(whole(0, 0, 10), whole(1, 10 + GAP, 10)))));
    assertEquals(
        "1@0+10: #0@0+10/0+1\n1@262155+10: #1@262155+10/0+1\n",
        shown(PackRange.plan(List.of(whole(0, 0, 10), whole(1, 11 + GAP, 10)))));
  }

  @Test
  void plan_manyNeighbours_areFetchedFourMebibytesAtATime() {
    int half = PackRange.MAX_BYTES / 2;
    assertEquals(
        "1@5+4194304: #0@5+2097152/0+1 #1@2097157+2097152/0+1\n",
        shown(PackRange.plan(List.of(whole(0, 5, half), whole(1, 5 + half, half)))));
    assertEquals(
        "1@5+2097152: #0@5+2097152/0+1\n1@2097157+2097153: #1@2097157+2097153/0+1\n",
        shown(PackRange.plan(List.of(whole(0, 5, half), whole(1, 5 + half, half + 1)))));
    assertEquals(
        "1@5+9000000: #0@5+9000000/0+1\n", shown(PackRange.plan(List.of(whole(0, 5, 9_000_000)))));
  }

  /** An index that lies can tell of blocks that lie one in the other. */
  @Test
  void plan_blocksThatOverlap_areFetchedOneByOne() {
    assertEquals(
        "1@0+10: #0@0+10/0+1\n1@9+10: #1@9+10/0+1\n",
        shown(PackRange.plan(List.of(whole(0, 0, 10), whole(1, 9, 10)))));
    assertEquals(
        "1@0+20: #0@0+10/0+1 #1@10+10/0+1\n",
        shown(PackRange.plan(List.of(whole(0, 0, 10), whole(1, 10, 10)))));
  }

  /** Or of several in one place. */
  @Test
  void plan_claimsThatDifferOfOnePlace_areKeptApart() {
    List<LocatedPiece> ordinals = new ArrayList<>();
    List<LocatedPiece> lengths = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (int two = 1; two <= 2; two++) {
        ordinals.add(whole(two, 50, 10));
        lengths.add(whole(0, 50, 10 * two));
      }
    }
    assertEquals(
        "1@50+10: #1@50+10/0+1/0+1/0+1\n1@50+10: #2@50+10/0+1/0+1/0+1\n",
        shown(PackRange.plan(ordinals)));
    assertEquals(
        "1@50+10: #0@50+10/0+1/0+1/0+1\n1@50+20: #0@50+20/0+1/0+1/0+1\n",
        shown(PackRange.plan(lengths)));
  }

  @Test
  void plan_samePlaceInTwoPacks_isTwoRanges() {
    assertEquals(
        "1@0+10: #0@0+10/0+1\n2@0+10: #0@0+10/0+1\n2@1000000+5: #1@1000000+5/0+1\n",
        shown(
            PackRange.plan(
                List.of(
                    piece(LATER, 1, 1_000_000, 5, 0, 1),
                    piece(LATER, 0, 0, 10, 0, 1),
                    whole(0, 0, 10)))));
  }
}
