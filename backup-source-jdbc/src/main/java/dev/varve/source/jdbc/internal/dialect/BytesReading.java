package dev.varve.source.jdbc.internal.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Shows bytes that are at hand, which are no rows. Read by one thread; closing changes nothing. */
public record BytesReading(ByteBuffer rest) implements Reading {

  /** Shows these bytes, which stay as they are. */
  public static BytesReading of(byte[] bytes) {
    return new BytesReading(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  /** Shows a text as UTF-8. */
  public static BytesReading of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int read(ByteBuffer into) {
    if (!rest.hasRemaining()) {
      return -1;
    }
    int count = Math.min(into.remaining(), rest.remaining());
    into.put(rest.slice().limit(count));
    rest.position(rest.position() + count);
    return count;
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {}
}
