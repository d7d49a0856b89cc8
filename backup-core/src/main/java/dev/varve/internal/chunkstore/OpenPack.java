package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.BlockKey;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.PackEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A pack being filled: places are given out one after the other, and blocks are sealed into their
 * places by several threads at once. Safe for use by many threads.
 */
final class OpenPack {

  /** How many chunks a pack has at most, so that its footer stays small. */
  private static final int MAX_CHUNKS = 64 << 10;

  private final PackName name = PackName.random();
  private final PackHeader header;
  private final BlockKey key;
  private final ByteBuffer slab;
  private final int targetBytes;
  private final List<FooterBlock> blocks = new ArrayList<>();
  private int length;
  private int chunks;
  private int unsealed;
  private boolean closed;

  /** Starts a pack in {@code slab}, which it never outgrows, footer not counted. */
  OpenPack(BlockSeals seals, PackKind kind, ByteBuffer slab) throws IOException {
    this.key = seals.key(kind);
    this.header = new PackHeader(kind, 0, PackHeader.AEAD, seals.sealedFor(kind, name));
    this.slab = slab;
    this.targetBytes = PackSizes.drawPackBytes(slab.capacity());
    byte[] bytes = header.encode();
    slab.clear().put(bytes);
    length = bytes.length;
  }

  PackName name() {
    return name;
  }

  PackKind kind() {
    return header.kind();
  }

  BlockKey key() {
    return key;
  }

  ByteBuffer slab() {
    return slab;
  }

  /** The place of a block. */
  record Place(OpenPack pack, int ordinal, int markerOffset, int offset, int bytes) {

    ByteBuffer slice() {
      return pack.slab.slice(offset, bytes);
    }
  }

  /** Whether a block of so many sealed bytes still has room. */
  synchronized boolean fits(int sealedBytes, int chunkCount) {
    int longer = length + BlockSeals.MARKER_BYTES + sealedBytes;
    return !closed
        && longer <= slab.capacity()
        && (blocks.isEmpty() || (length < targetBytes && chunks + chunkCount <= MAX_CHUNKS));
  }

  /** Gives a place to a block, which must fit. */
  synchronized Place place(Block block, int sealedBytes) {
    int ordinal = blocks.size();
    int offset = length + BlockSeals.MARKER_BYTES;
    blocks.add(block.describe(ordinal, offset, sealedBytes));
    Place place = new Place(this, ordinal, length, offset, sealedBytes);
    length = offset + sealedBytes;
    chunks += block.count();
    unsealed++;
    return place;
  }

  /** A block is sealed; true for whoever thereby ends a closed pack. */
  synchronized boolean sealed() {
    unsealed--;
    return closed && unsealed == 0;
  }

  /** Gives out no more places; true if every block is sealed already. */
  synchronized boolean close() {
    closed = true;
    return unsealed == 0;
  }

  synchronized boolean empty() {
    return blocks.isEmpty();
  }

  /** Header and blocks as they lie in the slab. */
  synchronized ByteBuffer bytes() {
    return slab.slice(0, length);
  }

  /** What the footer says, ascending by offset. */
  synchronized List<FooterBlock> blocks() {
    return blocks.stream().sorted(Comparator.comparingLong(FooterBlock::offset)).toList();
  }

  PackEntry entry(long storedBytes, byte[] sha256) {
    return new PackEntry(
        name,
        header.kind(),
        storedBytes,
        sha256,
        header.epoch(),
        header.sealing(),
        header.sealedBlockKey());
  }
}
