package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * Consecutive chunks being collected until they are worth compressing and sealing as one. Used by
 * one thread at a time; reused.
 */
final class Block {

  /** How many chunks a block has at most, so that footers stay small. */
  static final int MAX_CHUNKS = 8192;

  private final PackSizes sizes;
  private final byte[] plain;
  private ChunkKind[] kinds = new ChunkKind[64];
  private ChunkId[] ids = new ChunkId[64];
  private int[] ends = new int[64];
  private int[] sums = new int[64];
  private int count;
  private int targetBytes;
  private Optional<byte[]> packed = Optional.empty();

  Block(PackSizes sizes, int longestChunkBytes) {
    this.sizes = sizes;
    plain = new byte[Math.max(sizes.mostBlockBytes(), longestChunkBytes)];
    clear();
  }

  /** Forgets all chunks and draws a new size at random, so that sizes tell nothing. */
  void clear() {
    count = 0;
    packed = Optional.empty();
    targetBytes = sizes.drawBlockBytes();
  }

  /** Whether so many bytes are not too long for any block made here. */
  boolean holds(int plainBytes) {
    return plainBytes <= plain.length;
  }

  /** This is what the chunks added are when packed: they were a block before. */
  void packedAs(byte[] bytes) {
    packed = Optional.of(bytes);
  }

  Optional<byte[]> packed() {
    return packed;
  }

  boolean fits(int chunkBytes) {
    return count == 0 || (count < MAX_CHUNKS && length() + chunkBytes <= sizes.mostBlockBytes());
  }

  boolean full() {
    return length() >= targetBytes || count == MAX_CHUNKS;
  }

  void add(ChunkKind kind, ChunkId id, int sum, byte[] bytes, int offset, int length) {
    if (count == ids.length) {
      kinds = Arrays.copyOf(kinds, count * 2);
      ids = Arrays.copyOf(ids, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      sums = Arrays.copyOf(sums, count * 2);
    }
    int start = length();
    System.arraycopy(bytes, offset, plain, start, length);
    kinds[count] = kind;
    ids[count] = id;
    ends[count] = start + length;
    sums[count] = sum;
    count++;
  }

  byte[] plain() {
    return plain;
  }

  int length() {
    return count == 0 ? 0 : ends[count - 1];
  }

  int count() {
    return count;
  }

  ChunkKind kind(int chunk) {
    return kinds[chunk];
  }

  ChunkId id(int chunk) {
    return ids[chunk];
  }

  int start(int chunk) {
    return chunk == 0 ? 0 : ends[chunk - 1];
  }

  int end(int chunk) {
    return ends[chunk];
  }

  /** The CRC-32C that the chunk's bytes had when it was cut. */
  int sum(int chunk) {
    return sums[chunk];
  }

  /** What a pack's footer says of this block, lying {@code offset} bytes from the pack's start. */
  FooterBlock describe(int ordinal, long offset, int storedBytes) {
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      lengths[i] = end(i) - start(i);
    }
    return new FooterBlock(
        ordinal,
        offset,
        storedBytes,
        Arrays.copyOf(kinds, count),
        Arrays.copyOf(ids, count),
        lengths);
  }
}
