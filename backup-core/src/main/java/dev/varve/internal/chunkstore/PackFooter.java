package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pack says at its end about the blocks it holds, before sealing: their number (varint),
 * then for each, ascending by offset: ordinal, offset, stored bytes, number of chunks (varints),
 * then for each chunk: kind (u8), id (32 bytes), length (varint). The sealed footer is followed by
 * its own length (u32), the last four bytes of the pack.
 */
final class PackFooter {

  /** How many bytes the length at the very end takes. */
  static final int TRAILER_BYTES = 4;

  /** The longest footer, in bytes before sealing; a pack has room for 64 Ki chunks in it. */
  static final int MAX_BYTES = 4 << 20;

  /** The most blocks of a pack. */
  static final int MAX_BLOCKS = 1 << 16;

  private static final int LEAST_CHUNK_BYTES = 1 + ChunkId.BYTES + 1;

  private PackFooter() {}

  static byte[] encode(List<FooterBlock> blocks) {
    int chunks = blocks.stream().mapToInt(block -> block.ids().length).sum();
    Encoder out = new Encoder(64 + blocks.size() * 16 + chunks * (LEAST_CHUNK_BYTES + 3));
    out.varint(blocks.size());
    for (FooterBlock block : blocks) {
      out.varint(block.ordinal()).varint(block.offset()).varint(block.storedBytes());
      out.varint(block.ids().length);
      for (int i = 0; i < block.ids().length; i++) {
        out.u8(block.kinds()[i].code()).id(block.ids()[i]).varint(block.lengths()[i]);
      }
    }
    return out.toBytes();
  }

  /** Reads the footer of a pack whose blocks end {@code blocksEnd} bytes from its start. */
  static List<FooterBlock> decode(byte[] bytes, long blocksEnd) throws FormatException {
    Decoder in = new Decoder(bytes);
    int count = in.count(MAX_BLOCKS, 4);
    List<FooterBlock> blocks = new ArrayList<>(count);
    long end = 0;
    for (int i = 0; i < count; i++) {
      int ordinal = (int) in.varint(MAX_BLOCKS);
      long offset = in.varint(blocksEnd);
      int stored = (int) in.varint(Integer.MAX_VALUE);
      if (offset < end || stored > blocksEnd - offset) {
        throw new FormatException(
            "Block " + ordinal + " lies outside its pack or in another block");
      }
      end = offset + stored;
      blocks.add(chunks(in, ordinal, offset, stored));
    }
    in.end();
    return blocks;
  }

  private static FooterBlock chunks(Decoder in, int ordinal, long offset, int stored)
      throws FormatException {
    int count = in.count(Block.MAX_CHUNKS, LEAST_CHUNK_BYTES);
    ChunkKind[] kinds = new ChunkKind[count];
    ChunkId[] ids = new ChunkId[count];
    int[] lengths = new int[count];
    long plain = 0;
    for (int i = 0; i < count; i++) {
      kinds[i] = ChunkKind.of(in.u8());
      ids[i] = in.id();
      lengths[i] = (int) in.varint(ChunkRef.MAX_LENGTH);
      plain += lengths[i];
    }
    if (plain > BlockCodec.MAX_PLAIN_BYTES) {
      throw new FormatException(
          "Block " + ordinal + " would have " + plain + " bytes of plaintext");
    }
    return new FooterBlock(ordinal, offset, stored, kinds, ids, lengths);
  }
}
