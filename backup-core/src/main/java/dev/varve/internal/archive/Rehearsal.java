package dev.varve.internal.archive;

import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes chunks like a session, counts which would be new, and keeps none. Safe for use by many
 * threads. Remembers so many new ids as fit its bound; beyond it, what occurs twice counts twice.
 */
final class Rehearsal {

  private static final int MAX_REMEMBERED = 1 << 20;

  private final Vault vault;
  private final Set<ChunkId> seen = ConcurrentHashMap.newKeySet();
  private final LongAdder chunks = new LongAdder();
  private final LongAdder addedChunks = new LongAdder();
  private final LongAdder addedBytes = new LongAdder();

  Rehearsal(Vault vault) {
    this.vault = vault;
  }

  ChunkSink sink() throws IOException {
    ChunkIds ids = new ChunkIds(vault.keys());
    return (kind, bytes, offset, count) -> {
      ChunkId id = ids.id(kind, bytes, offset, count);
      if (kind == ChunkKind.DATA) {
        chunks.increment();
        if (!vault.contains(id) && unseen(id)) {
          addedChunks.increment();
          addedBytes.add(count);
        }
      }
      return new ChunkRef(id, count);
    };
  }

  Tallies.Marks marks() {
    return new Tallies.Marks(chunks.sum(), addedChunks.sum(), addedBytes.sum(), 0);
  }

  private boolean unseen(ChunkId id) {
    return seen.size() >= MAX_REMEMBERED ? !seen.contains(id) : seen.add(id);
  }
}
