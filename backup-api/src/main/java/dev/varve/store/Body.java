package dev.varve.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What an item is to consist of. Can be read any number of times, by any thread, until the {@link
 * Store#create} it was given to returns.
 */
public interface Body {

  /** How many bytes it has. */
  long length();

  /**
   * The bytes from the beginning, as a new stream.
   *
   * @throws IOException if they cannot be had; also from the stream
   */
  InputStream open() throws IOException;

  /**
   * Writes all bytes to {@code out}, which blocks.
   *
   * @throws IOException if the bytes cannot be had, or {@code out} fails
   */
  default void writeTo(WritableByteChannel out) throws IOException {
    try (InputStream in = open()) {
      byte[] piece = new byte[64 * 1024];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        ByteBuffer buffer = ByteBuffer.wrap(piece, 0, n);
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
      }
    }
  }

  /**
   * The same bytes, to be looked at here and sent nowhere, as for a digest: where sending is slowed
   * down, reading these is not.
   */
  default Body local() {
    return this;
  }

  /**
   * Whether it is bulk that backups never read and only restores do, so that a store may keep it
   * where keeping is cheap and reading dear; else it is read by every run.
   */
  default boolean isCold() {
    return false;
  }

  /** The same bytes, {@linkplain #isCold() cold}. */
  default Body cold() {
    Body same = this;
    return new Body() {
      @Override
      public long length() {
        return same.length();
      }

      @Override
      public InputStream open() throws IOException {
        return same.open();
      }

      @Override
      public void writeTo(WritableByteChannel out) throws IOException {
        same.writeTo(out);
      }

      @Override
      public Body local() {
        return same.local();
      }

      @Override
      public boolean isCold() {
        return true;
      }
    };
  }

  /** A body of these bytes, which must not change while it is used. */
  static Body of(byte[] bytes) {
    return of(List.of(ByteBuffer.wrap(bytes)));
  }

  /** A body of the remaining bytes of these buffers, which must not change while it is used. */
  static Body of(List<ByteBuffer> buffers) {
    List<ByteBuffer> pieces = buffers.stream().map(ByteBuffer::slice).toList();
    long length = pieces.stream().mapToLong(ByteBuffer::remaining).sum();
    return new Body() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() {
        List<InputStream> streams = new ArrayList<>();
        pieces.forEach(piece -> streams.add(new BufferInput(piece.duplicate())));
        return streams.size() == 1
            ? streams.get(0)
            : new SequenceInputStream(Collections.enumeration(streams));
      }

      @Override
      public void writeTo(WritableByteChannel out) throws IOException {
        for (ByteBuffer piece : pieces) {
          ByteBuffer rest = piece.duplicate();
          while (rest.hasRemaining()) {
            out.write(rest);
          }
        }
      }
    };
  }
}
