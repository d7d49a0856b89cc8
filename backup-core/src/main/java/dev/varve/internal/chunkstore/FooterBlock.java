package dev.varve.internal.chunkstore;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;

/**
 * What a pack's footer says of one block.
 *
 * @param ordinal the number it is sealed under
 * @param offset where its sealed bytes begin in the pack
 * @param storedBytes how many sealed bytes it has
 * @param kinds the chunks' kinds, in the order in which they lie in the block's plaintext
 * @param ids the chunks' ids
 * @param lengths the chunks' lengths in bytes
 */
public record FooterBlock(
    int ordinal, long offset, int storedBytes, ChunkKind[] kinds, ChunkId[] ids, int[] lengths) {

  /** How long the block's plaintext is, in bytes. */
  public int plainBytes() {
    int sum = 0;
    for (int length : lengths) {
      sum += length;
    }
    return sum;
  }

  /** Shows every chunk with where it lies in {@code pack}. */
  public void forEach(PackName pack, LocatedChunk each) {
    int start = 0;
    for (int i = 0; i < ids.length; i++) {
      each.accept(
          kinds[i],
          ids[i],
          new ChunkLocation(pack, ordinal, offset, storedBytes, start, lengths[i]));
      start += lengths[i];
    }
  }

  /** Takes a chunk and where it lies. */
  @FunctionalInterface
  public interface LocatedChunk {
    /** Looks at a chunk. */
    void accept(ChunkKind kind, ChunkId id, ChunkLocation location);
  }
}
