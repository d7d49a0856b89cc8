package dev.varve.internal.repair;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chunks that snapshots need and that no place of use holds, at most {@value #MOST} of them: more
 * are looked for when these are found. Used by one thread.
 */
final class Wanted {

  private static final int MOST = 1 << 20;

  private final Map<ChunkId, Chunk> chunks = new LinkedHashMap<>();
  private final Map<ChunkKind, int[]> lengths = new EnumMap<>(ChunkKind.class);

  /** A chunk, by its id, length and kind. */
  record Chunk(ChunkKind kind, ChunkRef ref) {}

  void add(ChunkKind kind, ChunkRef ref) {
    if (chunks.size() < MOST) {
      chunks.putIfAbsent(ref.id(), new Chunk(kind, ref));
      lengths.remove(kind);
    }
  }

  void remove(ChunkId id) {
    chunks.remove(id);
  }

  boolean contains(ChunkId id) {
    return chunks.containsKey(id);
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  int size() {
    return chunks.size();
  }

  List<Chunk> all() {
    return new ArrayList<>(chunks.values());
  }

  /** The lengths of the chunks of a kind, ascending, each once; found ones may be among them. */
  int[] lengths(ChunkKind kind) {
    return lengths.computeIfAbsent(kind, this::collectLengths);
  }

  private int[] collectLengths(ChunkKind kind) {
    return chunks.values().stream()
        .filter(chunk -> chunk.kind() == kind)
        .mapToInt(chunk -> chunk.ref().length())
        .sorted()
        .distinct()
        .toArray();
  }
}
