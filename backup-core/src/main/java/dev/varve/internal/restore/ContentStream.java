package dev.varve.internal.restore;

import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * The content of one entry as a stream that fails rather than give a byte that was not verified.
 * Once it failed it fails again: whoever reads on does not get what lies behind the loss for what
 * was lost. Used by one thread.
 */
public final class ContentStream extends InputStream {

  private final ContentCursor cursor;
  private final ChunkSource chunks;
  private Optional<IOException> failure = Optional.empty();
  private byte[] chunk = new byte[0];
  private int position;

  /** Reads the chunks that {@code cursor} shows. */
  public ContentStream(ContentCursor cursor, ChunkSource chunks) {
    this.cursor = cursor;
    this.chunks = chunks;
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? chunk[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int count = Math.min(length, chunk.length - position);
    System.arraycopy(chunk, position, into, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return chunk.length - position;
  }

  private boolean hasMore() throws IOException {
    while (position == chunk.length) {
      if (failure.isPresent()) {
        throw failure.get();
      }
      try {
        Optional<ChunkRef> next = cursor.next();
        if (next.isEmpty()) {
          return false;
        }
        chunk = chunks.get(ChunkKind.DATA, next.get());
      } catch (IOException e) {
        failure = Optional.of(e);
        throw e;
      }
      position = 0;
    }
    return true;
  }
}
