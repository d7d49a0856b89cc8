package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.util.Optional;

/**
 * A chunk that a catalog needs.
 *
 * @param kind what it is a piece of
 * @param ref the chunk
 * @param path the entry that needs it; for a chunk of the catalog itself the first path it holds,
 *     absent for the topmost
 */
public record ReachableChunk(ChunkKind kind, ChunkRef ref, Optional<EntryPath> path) {}
