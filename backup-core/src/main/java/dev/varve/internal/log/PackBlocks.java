package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Some blocks of a pack, or all of them.
 *
 * <p>Written as name (16 bytes), varint count, then for each block a varint: the first one's
 * ordinal, then how many blocks lie between it and the one before.
 *
 * @param pack the pack
 * @param blocks ordinals, ascending; none means every block, and the footer too
 */
public record PackBlocks(PackName pack, List<Integer> blocks) {

  static final int LEAST_BYTES = PackName.BYTES + 1;

  private static final int MAX_BLOCK = 1 << 20;

  public PackBlocks {
    blocks = List.copyOf(new TreeSet<>(blocks));
  }

  /** Every block of a pack. */
  public static PackBlocks all(PackName pack) {
    return new PackBlocks(pack, List.of());
  }

  /** Whether it is every block. */
  public boolean isWhole() {
    return blocks.isEmpty();
  }

  /** Whether this block is one of them. */
  public boolean contains(int block) {
    return blocks.isEmpty() || blocks.contains(block);
  }

  void write(Encoder out) {
    pack.write(out);
    out.varint(blocks.size());
    int next = 0;
    for (int block : blocks) {
      out.varint(block - next);
      next = block + 1;
    }
  }

  static PackBlocks read(Decoder in) throws FormatException {
    PackName pack = PackName.read(in);
    int count = in.count(Parts.MOST, 1);
    List<Integer> blocks = new ArrayList<>(count);
    int next = 0;
    for (int i = 0; i < count; i++) {
      int block = next + (int) in.varint(MAX_BLOCK - next);
      blocks.add(block);
      next = block + 1;
      if (next > MAX_BLOCK) {
        throw new FormatException("A pack cannot have a block " + next);
      }
    }
    return new PackBlocks(pack, blocks);
  }
}
