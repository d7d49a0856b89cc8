package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Writes one level of a catalog's fences and, as it grows, the levels above. Used by one thread.
 *
 * <p>A chunk of fences is a byte, its level from 1 to 8, then at least one fence, up to the chunk's
 * end. A fence is: a path as {@link PathEncoder} says, the first below the chunk; 32 bytes of the
 * chunk's id; varint, the chunk's length. The chunks of level 1 speak of chunks of entries, those
 * of level n of chunks of level n-1. All are of kind CATALOG.
 */
final class FenceWriter {

  private final ChunkSink sink;
  private final int level;
  private final Encoder out = new Encoder(16 << 10);
  private final PathEncoder paths = new PathEncoder();
  private Optional<FenceWriter> above = Optional.empty();
  private Optional<Fence> first = Optional.empty();
  private int firstWeight;
  private int fences;

  FenceWriter(ChunkSink sink, int level) {
    this.sink = sink;
    this.level = level;
    out.u8(level);
  }

  /** Adds the fence of a chunk whose first path has this weight. */
  void add(Fence fence, int weight) throws IOException {
    if (fences > 0 && PathCuts.beforeFence(level, weight, fences, out.length())) {
      cut();
    }
    if (fences == 0) {
      first = Optional.of(fence);
      firstWeight = weight;
    }
    paths.write(out, fence.first().bytes());
    fence.ref().write(out);
    fences++;
  }

  /** The topmost chunk; the only one of its level. */
  ChunkList finish() throws IOException {
    if (above.isEmpty() && fences == 1) {
      return new ChunkList(level - 1, List.of(first.orElseThrow().ref()));
    }
    if (fences > 0) {
      cut();
    }
    return above.isPresent() ? above.get().finish() : ChunkList.EMPTY;
  }

  private void cut() throws IOException {
    if (level > ChunkList.MAX_DEPTH) {
      throw new IOException("The catalog has more entries than the format can hold");
    }
    ChunkRef ref = sink.put(ChunkKind.CATALOG, out.array(), 0, out.length());
    if (above.isEmpty()) {
      above = Optional.of(new FenceWriter(sink, level + 1));
    }
    EntryPath path = first.orElseThrow().first();
    above.get().add(new Fence(path, ref), firstWeight);
    out.clear().u8(level);
    paths.clear();
    fences = 0;
  }
}
