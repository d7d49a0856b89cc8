package dev.varve.testkit;

import dev.varve.store.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** A body that fails after some of its bytes, every time it is opened. */
final class FailingBody implements Body {

  private final byte[] bytes;
  private final int after;

  FailingBody(byte[] bytes, int after) {
    this.bytes = bytes;
    this.after = after;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public InputStream open() throws IOException {
    InputStream good = Body.of(List.of(ByteBuffer.wrap(bytes, 0, after))).open();
    InputStream bad =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("The body cannot be read any further");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(good, bad);
  }
}
