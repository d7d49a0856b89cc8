package dev.varve.internal.catalog;

import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Goes through the chunks of a content and the lists that hold them. Used by one thread. Holds one
 * list of each level. Checks that lists hold as many bytes as is said of them.
 *
 * <p>If a list cannot be opened, or turns out to be wrong further on, the walk goes on behind it.
 */
final class ContentWalk {

  /** A reference, of how high a list (0 for content), and how much content is said to be below. */
  record Item(ChunkRef ref, int level, long bytes) {

    /** What is said of the topmost lists: nothing. */
    static final long UNKNOWN = -1;

    ChunkKind kind() {
      return level == 0 ? ChunkKind.DATA : ChunkKind.LIST;
    }
  }

  private static final class OpenList {
    final Decoder in;
    final int level;
    final long announced;
    long bytes;

    OpenList(Decoder in, Item list) {
      this.in = in;
      this.level = list.level();
      this.announced = list.bytes();
    }
  }

  private final ChunkSource source;
  private final int depth;
  private final Iterator<ChunkRef> top;
  private final Deque<OpenList> lists = new ArrayDeque<>();

  ContentWalk(ChunkSource source, ChunkList content) {
    this.source = source;
    this.depth = content.depth();
    this.top = content.refs().iterator();
  }

  /** The next chunk or list; a list's own content follows only if it is opened at once. */
  Optional<Item> next() throws IOException {
    while (!lists.isEmpty()) {
      OpenList list = lists.getLast();
      if (list.in.remaining() > 0) {
        return Optional.of(read(list));
      }
      lists.removeLast();
      if (list.announced != Item.UNKNOWN && list.announced != list.bytes) {
        throw new FormatException(
            "A list of chunks holds " + list.bytes + " bytes, not " + list.announced);
      }
    }
    if (!top.hasNext()) {
      return Optional.empty();
    }
    ChunkRef ref = top.next();
    return Optional.of(new Item(ref, depth, depth == 0 ? ref.length() : Item.UNKNOWN));
  }

  private Item read(OpenList list) throws FormatException {
    try {
      ChunkRef ref = ChunkRef.read(list.in);
      long bytes = list.level == 1 ? ref.length() : list.in.varint(Long.MAX_VALUE - list.bytes);
      if (bytes == 0) {
        throw new FormatException("A list of chunks holds another without any bytes");
      }
      list.bytes += bytes;
      return new Item(ref, list.level - 1, bytes);
    } catch (FormatException e) {
      lists.removeLast();
      throw e;
    }
  }

  /** Goes into the list that {@link #next()} gave last. */
  void open(Item list) throws IOException {
    lists.addLast(new OpenList(Chunks.read(source, list.kind(), list.ref(), list.level()), list));
  }
}
