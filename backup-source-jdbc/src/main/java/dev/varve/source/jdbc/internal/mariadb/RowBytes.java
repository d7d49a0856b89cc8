package dev.varve.source.jdbc.internal.mariadb;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows as {@code LOAD DATA} reads them: values separated by a tab, rows ended by a line feed, null
 * as {@code \N}; in a value a backslash stands before a backslash, and tab and line feed are {@code
 * \t} and {@code \n}. All other bytes stand for themselves. Collects some, then hands them on. Used
 * by one thread.
 */
final class RowBytes {

  private byte[] bytes = new byte[192 << 10];
  private int start;
  private int end;
  private boolean between;

  /** How many bytes wait to be handed on. */
  int waiting() {
    return end - start;
  }

  /** Hands on what fits. */
  int drainTo(ByteBuffer into) {
    int count = Math.min(into.remaining(), end - start);
    into.put(bytes, start, count);
    start += count;
    if (start == end) {
      start = 0;
      end = 0;
    }
    return count;
  }

  /** Begins a value of the current row. */
  void beginValue() {
    reserve(1);
    if (between) {
      bytes[end++] = '\t';
    }
    between = true;
  }

  void addNull() {
    reserve(2);
    bytes[end++] = '\\';
    bytes[end++] = 'N';
  }

  /** Adds a piece of a value. */
  void add(byte[] piece) {
    reserve(2L * piece.length);
    byte[] to = bytes;
    int at = end;
    for (byte b : piece) {
      if (b == '\\' || b == '\t' || b == '\n') {
        to[at++] = '\\';
        to[at++] = b == '\\' ? b : b == '\t' ? (byte) 't' : (byte) 'n';
      } else {
        to[at++] = b;
      }
    }
    end = at;
  }

  void endRow() {
    reserve(1);
    bytes[end++] = '\n';
    between = false;
  }

  private void reserve(long more) {
    if (end + more <= bytes.length) {
      return;
    }
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(end + more, 2L * bytes.length)));
    }
  }
}
