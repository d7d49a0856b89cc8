package dev.varve.internal.catalog;

import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the chunks of one content, in order, into a {@link ChunkList}. Used by one thread; its
 * memory does not grow with the content.
 *
 * <p>Up to {@value ChunkList#MAX_REFS} references stand in the list itself, at depth 0. More are
 * stored as lists, as {@link ContentLevel} says, and the list has a depth and one reference: the
 * topmost.
 */
public final class ContentListWriter {

  private final ChunkSink sink;
  private final List<ChunkRef> inline = new ArrayList<>(1);
  private Optional<ContentLevel> stored = Optional.empty();

  /** Stores into {@code sink} what becomes too long. */
  public ContentListWriter(ChunkSink sink) {
    this.sink = sink;
  }

  /** Adds the next chunk. */
  public void add(ChunkRef ref) throws IOException {
    if (stored.isEmpty() && inline.size() < ChunkList.MAX_REFS) {
      inline.add(ref);
      return;
    }
    if (stored.isEmpty()) {
      ContentLevel level = new ContentLevel(sink, 1);
      stored = Optional.of(level);
      for (ChunkRef early : inline) {
        level.add(early, early.length());
      }
      inline.clear();
    }
    stored.get().add(ref, ref.length());
  }

  /** The list. Nothing may be added afterwards. */
  public ChunkList finish() throws IOException {
    return stored.isPresent() ? stored.get().finish() : new ChunkList(0, inline);
  }
}
