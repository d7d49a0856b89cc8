package dev.varve.source.jdbc.internal.portable;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes of rows on their way out: values stand between tabs, rows end in a line feed, and within a
 * value backslash, tab and line feed are {@code \\}, {@code \t} and {@code \n}; null is {@code \N}.
 * Text is UTF-8, a lone surrogate its three bytes. Used by one thread.
 */
final class EscapedOutput {

  private byte[] bytes = new byte[64 << 10];
  private int start;
  private int end;
  private boolean escaping = true;

  int size() {
    return end - start;
  }

  /** Moves as much as fits. */
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

  void raw(char ascii) {
    require(1);
    bytes[end++] = (byte) ascii;
  }

  /** Text that needs no escapes. */
  void ascii(String text) {
    int length = text.length();
    require(length);
    for (int i = 0; i < length; i++) {
      bytes[end++] = (byte) text.charAt(i);
    }
  }

  void number(long number) {
    ascii(Long.toString(number));
  }

  void nothing() {
    raw('\\');
    raw('N');
  }

  void text(String text) {
    text(text, 0, text.length());
  }

  void text(CharSequence text, int from, int to) {
    require(3 * (to - from));
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        single((byte) c);
      } else if (c < 0x800) {
        bytes[end++] = (byte) (0xc0 | (c >> 6));
        bytes[end++] = (byte) (0x80 | (c & 0x3f));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < to
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        bytes[end++] = (byte) (0xf0 | (point >> 18));
        bytes[end++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        bytes[end++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        bytes[end++] = (byte) (0x80 | (point & 0x3f));
      } else {
        bytes[end++] = (byte) (0xe0 | (c >> 12));
        bytes[end++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        bytes[end++] = (byte) (0x80 | (c & 0x3f));
      }
    }
  }

  void binary(byte[] value, int from, int to) {
    require(2 * (to - from));
    for (int i = from; i < to; i++) {
      single(value[i]);
    }
  }

  /** Text as UTF-8, a lone surrogate its three bytes, without escapes. */
  static byte[] plain(String text) {
    EscapedOutput out = new EscapedOutput();
    out.escaping = false;
    out.text(text);
    return Arrays.copyOfRange(out.bytes, out.start, out.end);
  }

  private void single(byte b) {
    if (escaping && (b == '\\' || b == '\t' || b == '\n')) {
      bytes[end++] = '\\';
      bytes[end++] = b == '\t' ? (byte) 't' : b == '\n' ? (byte) 'n' : b;
    } else {
      bytes[end++] = b;
    }
  }

  private void require(int more) {
    if (bytes.length - end < more) {
      int size = end - start;
      byte[] into =
          bytes.length >= size + more ? bytes : new byte[Math.max(2 * bytes.length, size + more)];
      System.arraycopy(bytes, start, into, 0, size);
      bytes = into;
      start = 0;
      end = size;
    }
  }
}
