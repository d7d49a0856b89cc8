package dev.varve.store.gcs;

import com.google.cloud.ReadChannel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A stretch of an item that is wanted, and the place for it. Used by one thread, once. */
final class Range {

  private final String key;
  private final long offset;
  private final ByteBuffer into;

  Range(String key, long offset, ByteBuffer into) {
    this.key = key;
    this.offset = offset;
    this.into = into;
  }

  /**
   * Takes it from the item by one request. That the connection breaks off shows as a failure of the
   * channel, so that its end is the item's.
   *
   * @throws EOFException if the item ends before
   */
  void fill(ReadChannel item) throws IOException {
    item.setChunkSize(0);
    item.seek(offset);
    item.limit(offset + into.remaining());
    Duration longest = Pace.longest(into.remaining());
    long begin = System.nanoTime();
    while (into.hasRemaining()) {
      if (item.read(into) < 0) {
        throw new EOFException(
            String.format(
                "'%s' ends %d bytes before those wanted from %d on",
                key, into.remaining(), offset));
      }
      if (System.nanoTime() - begin > longest.toNanos()) {
        throw new IOException("Reading '" + key + "' took longer than " + longest);
      }
    }
  }
}
