package dev.varve.source.elasticsearch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads lines of any length from a stream. Used by one thread. */
final class Lines {

  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private int position;
  private int limit;
  private long offset;

  Lines(InputStream in) {
    this.in = in;
  }

  /** How many bytes of the stream were read as lines. */
  long offset() {
    return offset;
  }

  /** Whether there is another line. */
  boolean more() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  /**
   * Writes a line, or the rest of one, and its end to {@code out}, but stops soon when more than
   * {@code most} bytes were written.
   *
   * @return whether the line's end was reached
   */
  boolean copyLine(OutputStream out, long most) throws IOException {
    long written = 0;
    while (written <= most) {
      if (!more()) {
        throw new EOFException("The documents end in the middle of a line");
      }
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      boolean found = end < limit;
      int stop = found ? end + 1 : end;
      out.write(buffer, position, stop - position);
      written += stop - position;
      offset += stop - position;
      position = stop;
      if (found) {
        return true;
      }
    }
    return false;
  }
}
