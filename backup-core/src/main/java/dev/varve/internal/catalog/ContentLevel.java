package dev.varve.internal.catalog;

import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Writes one level of a content's lists and, as it grows, the levels above. Used by one thread.
 *
 * <p>A list is a chunk of kind LIST: a byte, its level from 1 to 8, then at least one reference, up
 * to the chunk's end. A reference is 32 bytes of id; varint, the chunk's length; and from level 2
 * on a varint, how many bytes of content lie below. The lists of level 1 refer to the content's
 * chunks, those of level n to lists of level n-1.
 *
 * <p>A list is cut behind a reference if it has at least {@value #LEAST} and the 9th to 16th byte
 * of that id, as a big-endian number, is a multiple of {@value #AVERAGE}; or if it has {@value
 * #MOST}. So an insertion is felt for one or two lists, and content that repeats one chunk still
 * shrinks from level to level.
 */
final class ContentLevel {

  static final int LEAST = 128;
  static final int AVERAGE = 1024;
  static final int MOST = 8192;

  private final ChunkSink sink;
  private final int level;
  private final Encoder out = new Encoder(16 << 10);
  private Optional<ContentLevel> above = Optional.empty();
  private Optional<ChunkRef> first = Optional.empty();
  private int refs;
  private long bytes;

  ContentLevel(ChunkSink sink, int level) {
    this.sink = sink;
    this.level = level;
    out.u8(level);
  }

  /** Adds a reference with so many bytes of content below it. */
  void add(ChunkRef ref, long contentBytes) throws IOException {
    if (refs == 0) {
      first = Optional.of(ref);
    }
    ref.write(out);
    if (level > 1) {
      out.varint(contentBytes);
    }
    refs++;
    bytes = Math.addExact(bytes, contentBytes);
    if (refs == MOST || (refs >= LEAST && (ref.id().spread() & (AVERAGE - 1)) == 0)) {
      cut();
    }
  }

  /** The topmost list; the only one of its level. */
  ChunkList finish() throws IOException {
    if (above.isEmpty() && refs == 1 && level > 1) {
      return new ChunkList(level - 1, List.of(first.orElseThrow()));
    }
    if (refs > 0) {
      cut();
    }
    return above.orElseThrow().finish();
  }

  private void cut() throws IOException {
    if (level > ChunkList.MAX_DEPTH) {
      throw new IOException("The content has more chunks than the format can hold");
    }
    ChunkRef ref = sink.put(ChunkKind.LIST, out.array(), 0, out.length());
    if (above.isEmpty()) {
      above = Optional.of(new ContentLevel(sink, level + 1));
    }
    above.get().add(ref, bytes);
    out.clear().u8(level);
    refs = 0;
    bytes = 0;
  }
}
