package dev.varve.repository;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream whose bytes are fetched by threads of the engine: the user's thread may be interrupted,
 * and that would close files under everybody's hands. Used by one thread.
 */
final class EngineInput extends InputStream {

  private final InputStream in;
  private final Cursors.Mover mover;

  /** Reads from {@code in}, which tells by {@code available()} what it has at hand. */
  EngineInput(InputStream in, Cursors.Mover mover) {
    this.in = in;
    this.mover = mover;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0 || in.available() > 0) {
      return in.read(into, offset, length);
    }
    int[] count = new int[1];
    mover.run(() -> count[0] = in.read(into, offset, length));
    return count[0];
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
