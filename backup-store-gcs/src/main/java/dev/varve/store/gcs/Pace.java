package dev.varve.store.gcs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** How long a transfer may take before it counts as stuck, however it creeps on. Stateless. */
final class Pace {

  /** Below the slowest line that one would back up over. */
  private static final long SLOWEST_BYTES_PER_SECOND = 32 * 1024;

  private static final Duration START = Duration.ofSeconds(60);

  private Pace() {}

  /** The longest that moving this many bytes may take. */
  static Duration longest(long bytes) {
    return START.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
  }

  /** The same bytes, which fail once the transfer takes too long. For one thread. */
  static InputStream keeping(InputStream in, long bytes) {
    Duration longest = longest(bytes);
    long begin = System.nanoTime();
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        requireInTime();
        return in.read();
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        requireInTime();
        return in.read(into, offset, length);
      }

      private void requireInTime() throws IOException {
        if (System.nanoTime() - begin > longest.toNanos()) {
          throw new IOException(bytes + " bytes took longer than " + longest);
        }
      }
    };
  }
}
