package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.source.Content;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A content that is in memory. Used by one thread, except for closing. */
final class BytesContent implements Content {

  private final Entry entry;
  private final ByteBuffer bytes;
  private volatile boolean closed;

  BytesContent(Entry entry, byte[] bytes) {
    this.entry = entry;
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (closed) {
      throw new IOException(entry.path() + " was closed while it was read");
    }
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int count = Math.min(into.remaining(), bytes.remaining());
    into.put(into.position(), bytes, bytes.position(), count);
    into.position(into.position() + count);
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public Entry finished() {
    return entry;
  }

  @Override
  public void close() {
    closed = true;
  }
}
