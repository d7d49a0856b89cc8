package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of a chunk entry, as {@link RunLayout} gives them. Stateless. */
final class ChunkRow {

  static final int BYTES = ChunkId.BYTES + 6 * 4;

  private static final int PACK = ChunkId.BYTES;
  private static final int BLOCK = PACK + 4;
  private static final int BLOCK_OFFSET = BLOCK + 4;
  private static final int BLOCK_BYTES = BLOCK_OFFSET + 4;
  private static final int CHUNK_OFFSET = BLOCK_BYTES + 4;
  private static final int CHUNK_BYTES = CHUNK_OFFSET + 4;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private ChunkRow() {}

  /** Writes an entry about the pack in row {@code pack}. */
  static void write(byte[] row, int at, ChunkId id, int pack, ChunkLocation location) {
    id.write(row, at);
    INT.set(row, at + PACK, pack);
    INT.set(row, at + BLOCK, location.block());
    INT.set(row, at + BLOCK_OFFSET, unsigned(location.blockOffset()));
    INT.set(row, at + BLOCK_BYTES, location.blockBytes());
    INT.set(row, at + CHUNK_OFFSET, location.chunkOffset());
    INT.set(row, at + CHUNK_BYTES, location.chunkBytes());
  }

  /** Says the pack's row anew. */
  static void writePack(byte[] row, int at, int pack) {
    INT.set(row, at + PACK, pack);
  }

  static ChunkId id(byte[] row, int at) {
    return ChunkId.at(row, at);
  }

  /** The row of the pack as it stands there. */
  static int pack(byte[] row, int at) {
    return (int) INT.get(row, at + PACK);
  }

  /** The row of the pack, one of {@code packs}. */
  static int pack(byte[] row, int at, int packs) throws FormatException {
    int pack = pack(row, at);
    if (pack < 0 || pack >= packs) {
      throw new FormatException(
          "a chunk is said to lie in pack " + Integer.toUnsignedLong(pack) + " of " + packs);
    }
    return pack;
  }

  /** Where the chunk is said to lie, in the pack that goes by this name. */
  static ChunkLocation location(byte[] row, int at, PackName pack) throws FormatException {
    int block = (int) INT.get(row, at + BLOCK);
    long blockOffset = Integer.toUnsignedLong((int) INT.get(row, at + BLOCK_OFFSET));
    int blockBytes = (int) INT.get(row, at + BLOCK_BYTES);
    int chunkOffset = (int) INT.get(row, at + CHUNK_OFFSET);
    int chunkBytes = (int) INT.get(row, at + CHUNK_BYTES);
    if (block < 0
        || blockBytes <= 0
        || chunkOffset < 0
        || chunkBytes <= 0
        || chunkBytes > ChunkRef.MAX_LENGTH) {
      throw new FormatException("a chunk is said to lie where none can be, in " + pack);
    }
    return new ChunkLocation(pack, block, blockOffset, blockBytes, chunkOffset, chunkBytes);
  }

  private static int unsigned(long value) {
    if (value >>> 32 != 0) {
      throw new IllegalArgumentException("No pack is so long that a block begins at " + value);
    }
    return (int) value;
  }
}
