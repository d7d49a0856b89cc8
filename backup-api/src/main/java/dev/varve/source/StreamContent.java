package dev.varve.source;

import dev.varve.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a content from a stream. Used by one thread, except for closing. */
final class StreamContent implements Content {

  private static final int PIECE_BYTES = 64 * 1024;

  private final Entry entry;
  private final InputStream in;

  StreamContent(Entry entry, InputStream in) {
    this.entry = entry;
    this.in = in;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (into.hasArray()) {
      int start = into.arrayOffset() + into.position();
      int count = in.read(into.array(), start, into.remaining());
      if (count > 0) {
        into.position(into.position() + count);
      }
      return count;
    }
    byte[] piece = new byte[Math.min(into.remaining(), PIECE_BYTES)];
    int count = in.read(piece);
    if (count > 0) {
      into.put(piece, 0, count);
    }
    return count;
  }

  @Override
  public Entry finished() {
    return entry;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
