package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Bytes in memory. Read by one thread; closed by any. */
final class BytesReading implements Reading {

  private final ByteBuffer bytes;
  private volatile boolean closed;

  BytesReading(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (closed) {
      throw new IOException("A definition was closed while it was read");
    }
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int count = Math.min(bytes.remaining(), into.remaining());
    into.put(bytes.slice().limit(count));
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {
    closed = true;
  }
}
