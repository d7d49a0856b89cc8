package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackKind;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Names the chunks of one thread and collects the new ones into blocks of its own, so that what was
 * read together stays together. Used by one thread at a time.
 */
final class SessionSink implements ChunkSink {

  private final WriteSession session;
  private final ChunkIds ids;
  private final CRC32C crc = new CRC32C();
  private final Map<PackKind, Block> filling = new EnumMap<>(PackKind.class);

  SessionSink(WriteSession session, RepositoryKeys keys) throws IOException {
    this.session = session;
    this.ids = new ChunkIds(keys);
  }

  @Override
  public ChunkRef put(ChunkKind kind, byte[] bytes, int offset, int count) throws IOException {
    crc.reset();
    crc.update(bytes, offset, count);
    ChunkId id = ids.id(kind, bytes, offset, count);
    ChunkRef ref = new ChunkRef(id, count);
    boolean added = session.claim(kind, ref);
    if (kind == ChunkKind.DATA) {
      session.volume().chunks.increment();
      if (added) {
        session.volume().addedChunks.increment();
        session.volume().addedBytes.add(count);
      }
    }
    if (added) {
      Block block = roomFor(kind.pack(), count);
      block.add(kind, id, (int) crc.getValue(), bytes, offset, count);
      if (block.full()) {
        flush(kind.pack());
      }
    }
    return ref;
  }

  /** Hands on blocks that are not full, too. */
  void flush() throws IOException {
    for (PackKind kind : PackKind.values()) {
      flush(kind);
    }
  }

  private Block roomFor(PackKind kind, int count) throws IOException {
    Block block = filling.get(kind);
    if (block != null && !block.fits(count)) {
      flush(kind);
      block = null;
    }
    if (block == null) {
      block = session.emptyBlock();
      filling.put(kind, block);
    }
    return block;
  }

  private void flush(PackKind kind) throws IOException {
    Block block = filling.remove(kind);
    if (block != null) {
      session.seal(block);
    }
  }
}
