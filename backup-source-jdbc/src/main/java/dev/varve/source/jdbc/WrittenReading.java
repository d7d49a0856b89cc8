package dev.varve.source.jdbc;

import dev.varve.source.jdbc.internal.dialect.Reading;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Shows bytes that are at hand. Used by one thread. */
record WrittenReading(ByteArrayInputStream in) implements Reading {

  @Override
  public int read(ByteBuffer into) {
    byte[] piece = new byte[Math.min(into.remaining(), 64 << 10)];
    int count = in.read(piece, 0, piece.length);
    if (count > 0) {
      into.put(piece, 0, count);
    }
    return count;
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {}
}
