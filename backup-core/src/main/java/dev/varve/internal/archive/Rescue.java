package dev.varve.internal.archive;

import dev.varve.internal.catalog.ReachableChunk;
import dev.varve.internal.catalog.ReachableChunks;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.Optional;

/**
 * Copies what a backup call draws on out of packs that were retired, condemned or damaged while it
 * ran, as long as that can be read; what has another good copy is left alone. Used by one thread.
 */
final class Rescue {

  private final Vault vault;
  private final WriteSession session;
  private final ChunkSink sink;

  /** Copies into a session. */
  Rescue(Vault vault, WriteSession session) throws IOException {
    this.vault = vault;
    this.session = session;
    this.sink = session.sink();
  }

  /** Sees to everything that a snapshot reaches. */
  void snapshot(SnapshotRecord snapshot) throws IOException {
    ReachableChunks chunks = new ReachableChunks(vault.catalog(snapshot.catalog()));
    for (Optional<ReachableChunk> next = chunks.next(); next.isPresent(); next = chunks.next()) {
      chunk(next.get().kind(), next.get().ref());
    }
    for (ChunkRef ref : snapshot.problems().refs()) {
      chunk(ChunkKind.CATALOG, ref);
    }
  }

  /**
   * Sees to a chunk.
   *
   * @throws dev.varve.internal.chunkstore.ChunkMissingException if no copy of it can be read
   */
  void chunk(ChunkKind kind, ChunkRef ref) throws IOException {
    if (!session.has(ref.id())) {
      byte[] bytes = vault.chunks().get(kind, ref);
      sink.put(kind, bytes, 0, bytes.length);
    }
  }
}
