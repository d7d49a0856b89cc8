package dev.varve.store.gcs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream of known length that fails once a transfer takes too long. Used by one thread. */
final class PacedInput extends FilterInputStream {

  private final long length;
  private final Duration longest;
  private final long begin = System.nanoTime();

  PacedInput(InputStream in, long length) {
    super(in);
    this.length = length;
    this.longest = Pace.longest(length);
  }

  /** How many bytes it has. */
  long length() {
    return length;
  }

  @Override
  public int read() throws IOException {
    requireInTime();
    return in.read();
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    requireInTime();
    return in.read(into, offset, count);
  }

  private void requireInTime() throws IOException {
    if (System.nanoTime() - begin > longest.toNanos()) {
      throw new IOException(length + " bytes took longer than " + longest);
    }
  }
}
