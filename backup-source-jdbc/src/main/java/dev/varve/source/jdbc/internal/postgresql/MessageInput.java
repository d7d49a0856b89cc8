package dev.varve.source.jdbc.internal.postgresql;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What a server sends, with an eye on where its messages begin: a type, four bytes that say how
 * long it is, a content. The driver reads it as if it were not there; rows that {@code COPY} sends,
 * a message each, can be taken out of it many at once. Used by one thread at a time.
 *
 * <p>Once a connection is encrypted its messages cannot be seen, and it only passes bytes on.
 */
final class MessageInput extends InputStream {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int HEADER_BYTES = 5;
  private static final byte ROW = 'd';

  /** Answers of one byte before the first message: encryption refused, TLS, GSSAPI. */
  private static final byte REFUSED = 'N';

  private static final byte TLS = 'S';
  private static final byte GSSAPI = 'G';

  private final InputStream in;

  /** What was read and nobody took yet. */
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private int at;
  private int end;

  private boolean begun;
  private boolean opaque;

  /** How much of a message's beginning was taken, and what it said. */
  private int header;

  private int length;
  private int left;

  private boolean oneByOne;

  MessageInput(InputStream in) {
    this.in = in;
  }

  /**
   * From here on the driver gets at most one message at a time, so that it holds no part of the
   * next. False if that cannot be: messages are hidden, or the driver has a part of one already.
   */
  boolean oneByOne() {
    oneByOne = begun && !opaque && header == 0;
    return oneByOne;
  }

  /** Whether messages can be seen, so that a row need not be held as a whole. */
  boolean visible() {
    return begun && !opaque;
  }

  /** From here on the driver gets what there is. */
  void freely() {
    oneByOne = false;
  }

  /**
   * Takes the contents of rows that come next, until there is no room or something else comes,
   * which the driver is to read: 0 bytes then. Asked only while messages go one by one.
   */
  int rows(ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      if (header == 0) {
        wholeRows(into);
        if (!into.hasRemaining() || !beginRow()) {
          break;
        }
      }
      if (left > 0) {
        if (at == end && !fill()) {
          throw new EOFException("The server ended in the middle of a row");
        }
        int count = Math.min(Math.min(left, end - at), into.remaining());
        into.put(buffer, at, count);
        at += count;
        left -= count;
      }
      if (left == 0) {
        header = 0;
      }
    }
    return into.position() - start;
  }

  /**
   * Takes the contents of rows that lie here as a whole. There are millions of them, and as long as
   * nothing is compiled each step counts: hence no calls but one, and no fields.
   */
  private void wholeRows(ByteBuffer into) {
    if (!into.hasArray()) {
      return;
    }
    byte[] from = buffer;
    byte[] to = into.array();
    int begun = into.arrayOffset() + into.position();
    int put = begun;
    int last = begun + into.remaining();
    int next = at;
    int stop = end;
    while (stop - next >= HEADER_BYTES && from[next] == ROW) {
      int content = next + HEADER_BYTES;
      int count =
          ((from[next + 1] & 0xff) << 24
                  | (from[next + 2] & 0xff) << 16
                  | (from[next + 3] & 0xff) << 8
                  | (from[next + 4] & 0xff))
              - 4;
      if (count < 0 || count > stop - content || count > last - put) {
        break;
      }
      System.arraycopy(from, content, to, put, count);
      put += count;
      next = content + count;
    }
    at = next;
    into.position(into.position() + put - begun);
  }

  /** Steps over the beginning of a row; false, and nothing is taken, if none comes. */
  private boolean beginRow() throws IOException {
    while (end - at < HEADER_BYTES) {
      if (!more()) {
        return false;
      }
    }
    if (buffer[at] != ROW) {
      return false;
    }
    int said =
        (buffer[at + 1] & 0xff) << 24
            | (buffer[at + 2] & 0xff) << 16
            | (buffer[at + 3] & 0xff) << 8
            | (buffer[at + 4] & 0xff);
    if (said < 4) {
      throw new IOException("The server sent a row of " + (said - 4) + " bytes");
    }
    at += HEADER_BYTES;
    header = HEADER_BYTES;
    left = said - 4;
    return true;
  }

  /** Steps over what is left of a row that was taken in part. */
  void endRow() throws IOException {
    while (header == HEADER_BYTES && left > 0) {
      if (at == end && !fill()) {
        throw new EOFException("The server ended in the middle of a row");
      }
      int count = Math.min(left, end - at);
      at += count;
      left -= count;
    }
    header = 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (at == end) {
      if (opaque) {
        return in.read(bytes, offset, count);
      }
      if (!fill()) {
        return -1;
      }
    }
    int most = Math.min(count, end - at);
    if (oneByOne) {
      most = Math.min(most, header < HEADER_BYTES ? HEADER_BYTES - header : left);
    }
    System.arraycopy(buffer, at, bytes, offset, most);
    at += most;
    if (!opaque) {
      follow(bytes, offset, most);
    }
    return most;
  }

  /** Notes where in a message the driver is after these bytes. */
  private void follow(byte[] bytes, int offset, int count) {
    int to = offset + count;
    for (int i = offset; i < to; ) {
      if (header == HEADER_BYTES) {
        int step = Math.min(left, to - i);
        left -= step;
        i += step;
      } else {
        byte next = bytes[i++];
        if (!begun && next == REFUSED) {
          continue;
        }
        if (!begun && (next == TLS || next == GSSAPI)) {
          opaque = true;
          return;
        }
        begun = true;
        length = header == 0 ? 0 : length << 8 | (next & 0xff);
        header++;
        if (header == HEADER_BYTES) {
          left = length - 4;
        }
        if (header == HEADER_BYTES && left < 0) {
          opaque = true;
          return;
        }
      }
      if (header == HEADER_BYTES && left == 0) {
        header = 0;
      }
    }
  }

  /** Reads into an empty buffer; false at the end. */
  private boolean fill() throws IOException {
    at = 0;
    end = 0;
    int count = in.read(buffer, 0, buffer.length);
    end = Math.max(count, 0);
    return count > 0;
  }

  /** Reads behind what is in the buffer; false at the end. */
  private boolean more() throws IOException {
    System.arraycopy(buffer, at, buffer, 0, end - at);
    end -= at;
    at = 0;
    int count = in.read(buffer, end, buffer.length - end);
    end += Math.max(count, 0);
    return count > 0;
  }

  @Override
  public int available() throws IOException {
    return end - at + in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
