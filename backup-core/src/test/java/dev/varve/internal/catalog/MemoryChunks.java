package dev.varve.internal.catalog;

import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps chunks in memory and counts what happens to them; an id is a SHA-256. One thread. */
final class MemoryChunks implements ChunkSink, ChunkSource {

  private record Name(ChunkKind kind, ChunkId id) {}

  private final Map<Name, byte[]> chunks = new HashMap<>();
  private final Set<Name> read = new HashSet<>();
  private int added;
  private long addedBytes;
  private int reads;

  @Override
  public ChunkRef put(ChunkKind kind, byte[] bytes, int offset, int count) {
    ChunkRef ref = new ChunkRef(id(kind, bytes, offset, count), count);
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + count);
    if (chunks.putIfAbsent(new Name(kind, ref.id()), copy) == null) {
      added++;
      addedBytes += count;
    }
    return ref;
  }

  @Override
  public byte[] get(ChunkKind kind, ChunkRef ref) throws IOException {
    reads++;
    read.add(new Name(kind, ref.id()));
    byte[] chunk = chunks.get(new Name(kind, ref.id()));
    if (chunk == null) {
      throw new ChunkMissingException("No " + kind + " chunk " + ref.id());
    }
    return chunk.clone();
  }

  /** Forgets a chunk. */
  void lose(ChunkKind kind, ChunkRef ref) {
    chunks.remove(new Name(kind, ref.id()));
  }

  /** Puts other bytes under the name of a chunk. */
  void replace(ChunkKind kind, ChunkRef ref, byte[] bytes) {
    chunks.put(new Name(kind, ref.id()), bytes);
  }

  /** How many chunks are kept. */
  int size() {
    return chunks.size();
  }

  /** How many new chunks came since the counts began. */
  int added() {
    return added;
  }

  /** How many bytes these have. */
  long addedBytes() {
    return addedBytes;
  }

  /** How many chunks were read since the counts began. */
  int reads() {
    return reads;
  }

  /** How many different ones of them. */
  int distinctReads() {
    return read.size();
  }

  /** Begins the counts anew. */
  void count() {
    added = 0;
    addedBytes = 0;
    reads = 0;
    read.clear();
  }

  private static ChunkId id(ChunkKind kind, byte[] bytes, int offset, int count) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) kind.code());
      digest.update(bytes, offset, count);
      return ChunkId.at(digest.digest(), 0);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
