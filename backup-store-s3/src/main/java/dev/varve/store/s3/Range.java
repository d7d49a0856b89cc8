package dev.varve.store.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A stretch of an item that is wanted, and the place for it. Used by one thread, once. */
final class Range {

  private static final int PIECE_BYTES = 64 * 1024;

  private final String key;
  private final long offset;
  private final ByteBuffer into;

  Range(String key, long offset, ByteBuffer into) {
    this.key = key;
    this.offset = offset;
    this.into = into;
  }

  /**
   * Takes it from an answer, which is closed.
   *
   * @throws EOFException if the item ends before
   */
  void fill(ResponseInputStream<GetObjectResponse> answer) throws IOException {
    boolean filled = false;
    try {
      requireLongEnough(answer.response());
      if (Optional.ofNullable(answer.response().contentRange()).isEmpty()) {
        // A server that does not know ranges sends all of it.
        answer.skipNBytes(offset);
      }
      copy(answer);
      filled = true;
    } finally {
      if (filled) {
        answer.close();
      } else {
        // Closing would read what is left, to use the connection again.
        answer.abort();
      }
    }
  }

  private void requireLongEnough(GetObjectResponse response) throws IOException {
    Optional<String> range = Optional.ofNullable(response.contentRange());
    long offered = range.isPresent() ? response.contentLength() : response.contentLength() - offset;
    if (offered < into.remaining()) {
      throw new EOFException(
          String.format(
              "'%s' ends %d bytes before the %d wanted at %d",
              key, into.remaining() - offered, into.remaining(), offset));
    }
    if (range.isPresent() && !range.get().startsWith("bytes " + offset + "-")) {
      throw new IOException("Asked for '" + key + "' from " + offset + ", got " + range.get());
    }
  }

  private void copy(ResponseInputStream<GetObjectResponse> answer) throws IOException {
    Duration longest = Pace.longest(into.remaining());
    long begin = System.nanoTime();
    byte[] piece = new byte[Math.min(PIECE_BYTES, into.remaining())];
    while (into.hasRemaining()) {
      int count = answer.read(piece, 0, Math.min(piece.length, into.remaining()));
      if (count < 0) {
        throw new IOException(
            "The answer broke off " + into.remaining() + " bytes before the end of '" + key + "'");
      }
      into.put(piece, 0, count);
      if (System.nanoTime() - begin > longest.toNanos()) {
        throw new IOException("Reading '" + key + "' took longer than " + longest);
      }
    }
  }
}
