package dev.varve.internal.index;

import dev.varve.internal.format.PackName;

/**
 * Where one copy of a chunk is said to lie: a claim until it was opened.
 *
 * @param pack the pack
 * @param block the block's ordinal in its pack, from 0
 * @param blockOffset where the sealed block begins in the pack, its marker not counted, in bytes
 * @param blockBytes the sealed block's length in bytes
 * @param chunkOffset where the chunk begins in the block's plaintext, in bytes
 * @param chunkBytes the chunk's length in bytes
 */
public record ChunkLocation(
    PackName pack, int block, long blockOffset, int blockBytes, int chunkOffset, int chunkBytes) {}
