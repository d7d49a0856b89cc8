package dev.varve.internal.restore;

import dev.varve.internal.format.ChunkRef;

/**
 * A chunk that an entry wants.
 *
 * @param delivery the entry
 * @param offset where in its content the chunk belongs, in bytes
 * @param ref the chunk
 */
record Piece(EntryDelivery delivery, long offset, ChunkRef ref) {}
