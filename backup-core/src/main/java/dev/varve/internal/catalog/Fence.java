package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.ChunkRef;

/**
 * Says where a chunk of a catalog begins.
 *
 * @param first the first path in the chunk, or below it if it holds fences itself
 * @param ref the chunk
 */
record Fence(EntryPath first, ChunkRef ref) {

  /** No path comes before this one: paths are not empty and contain no NUL. */
  static final EntryPath LOWEST = EntryPath.ofBytes(new byte[] {1});
}
