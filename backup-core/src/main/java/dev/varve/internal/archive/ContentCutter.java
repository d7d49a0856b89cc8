package dev.varve.internal.archive;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.internal.catalog.ContentListWriter;
import dev.varve.internal.chunker.Chunker;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.source.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Reads contents one after the other, cuts them and puts the chunks. Used by one thread at a time.
 */
final class ContentCutter {

  /** How much is read ahead of the longest chunk. */
  private static final int AHEAD_BYTES = 1 << 20;

  /** How much is read at once: what passes through the processor's caches. */
  private static final int READ_BYTES = 256 << 10;

  private final Chunker usual;
  private final Chunker fine;
  private final ChunkSink sink;
  private final byte[] buffer;
  private final ByteBuffer room;
  private final int longestChunkBytes;

  /**
   * Cuts contents.
   *
   * @param usual cuts most of them
   * @param fine cuts those with the attribute {@link Attributes#FINE}
   */
  ContentCutter(Chunker usual, Chunker fine, int longestChunkBytes, ChunkSink sink) {
    this.usual = usual;
    this.fine = fine;
    this.longestChunkBytes = longestChunkBytes;
    this.sink = sink;
    this.buffer = new byte[longestChunkBytes + AHEAD_BYTES];
    this.room = ByteBuffer.wrap(buffer);
  }

  /**
   * Where the content of something long is, and how long.
   *
   * @param list its chunks
   * @param length its length in bytes
   */
  record Cut(ChunkList list, long length) {}

  /**
   * Reads {@code content} of {@code entry} to its end.
   *
   * @param progress hears of every few bytes read
   * @throws SinkFailure if chunks cannot be put; an {@code IOException} if the content fails
   */
  Cut cut(Entry entry, Content content, LongConsumer progress) throws IOException {
    Chunker chunker = entry.attributes().names().contains(Attributes.FINE) ? fine : usual;
    ContentListWriter list = new ContentListWriter(sink);
    long length = 0;
    int start = 0;
    int end = 0;
    boolean ended = false;
    while (true) {
      while (!ended && end - start < longestChunkBytes) {
        if (end == buffer.length) {
          System.arraycopy(buffer, start, buffer, 0, end - start);
          end -= start;
          start = 0;
        }
        int count =
            content.read(room.limit(Math.min(end + READ_BYTES, buffer.length)).position(end));
        if (count < 0) {
          ended = true;
        } else {
          end += count;
          length += count;
          progress.accept(count);
        }
      }
      if (start == end) {
        return new Cut(finish(list), length);
      }
      int chunkBytes = chunker.next(buffer, start, end - start, ended);
      put(list, start, chunkBytes);
      start += chunkBytes;
    }
  }

  private void put(ContentListWriter list, int start, int count) {
    try {
      list.add(sink.put(ChunkKind.DATA, buffer, start, count));
    } catch (IOException e) {
      throw new SinkFailure(e);
    }
  }

  private static ChunkList finish(ContentListWriter list) {
    try {
      return list.finish();
    } catch (IOException e) {
      throw new SinkFailure(e);
    }
  }
}
