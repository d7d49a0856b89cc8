package dev.varve.source.jdbc.internal.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes of rows on their way out: values stand between tabs, rows end in a line feed, and within a
 * value backslash, tab and line feed are {@code \\}, {@code \t} and {@code \n}; null is {@code \N}.
 * Text is UTF-8, a lone surrogate its three bytes. Collects some, then hands them on. Used by one
 * thread.
 */
public final class EscapedOutput {

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;
  private static final long ONES = 0x0101010101010101L;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long TABS = '\t' * ONES;
  private static final long LINE_FEEDS = '\n' * ONES;

  private byte[] bytes = new byte[64 << 10];
  private int start;
  private int end;
  private boolean escaping = true;

  /** How many bytes wait to be handed on. */
  public int size() {
    return end - start;
  }

  /** Hands on as much as fits. */
  public int drainTo(ByteBuffer into) {
    int count = Math.min(into.remaining(), end - start);
    into.put(bytes, start, count);
    start += count;
    if (start == end) {
      start = 0;
      end = 0;
    }
    return count;
  }

  /** Forgets the last of the bytes that wait. */
  public void takeBack(int count) {
    end -= count;
  }

  /** A byte that stands between values. */
  public void raw(char ascii) {
    require(1);
    bytes[end++] = (byte) ascii;
  }

  /** Text that needs no escapes. */
  public void ascii(String text) {
    int length = text.length();
    require(length);
    for (int i = 0; i < length; i++) {
      bytes[end++] = (byte) text.charAt(i);
    }
  }

  public void number(long number) {
    ascii(Long.toString(number));
  }

  /** Null. */
  public void nothing() {
    raw('\\');
    raw('N');
  }

  /** Text as a value or a piece of one. */
  public void text(String text) {
    text(text, 0, text.length());
  }

  /** A part of a text as a value or a piece of one. */
  public void text(CharSequence text, int from, int to) {
    require(3L * (to - from));
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

  /** Bytes as a value or a piece of one. */
  public void binary(byte[] value, int from, int to) {
    require(2L * (to - from));
    int at = from;
    while (at < to) {
      int run = plainUntil(value, at, to);
      System.arraycopy(value, at, bytes, end, run - at);
      end += run - at;
      at = run;
      if (at < to) {
        single(value[at++]);
      }
    }
  }

  /** Bytes that are escaped already. */
  public void escaped(byte[] value) {
    require(value.length);
    System.arraycopy(value, 0, bytes, end, value.length);
    end += value.length;
  }

  /** Where the first byte is that needs an escape. Looks at eight at once. */
  private static int plainUntil(byte[] value, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      long eight = (long) EIGHT.get(value, at);
      long found = zeros(eight ^ BACKSLASHES) | zeros(eight ^ TABS) | zeros(eight ^ LINE_FEEDS);
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < to && value[at] != '\\' && value[at] != '\t' && value[at] != '\n') {
      at++;
    }
    return at;
  }

  /** The highest bit of the lowest byte that is zero, and perhaps of some above it. */
  private static long zeros(long eight) {
    return (eight - ONES) & ~eight & (ONES << (Byte.SIZE - 1));
  }

  /** Text as UTF-8, a lone surrogate its three bytes, without escapes. */
  public static byte[] plain(String text) {
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

  private void require(long more) {
    if (bytes.length - end < more) {
      int size = end - start;
      byte[] into = bytes;
      if (bytes.length < size + more) {
        into =
            new byte
                [Math.toIntExact(Math.max(Math.min(2L * bytes.length, MOST_BYTES), size + more))];
      }
      System.arraycopy(bytes, start, into, 0, size);
      bytes = into;
      start = 0;
      end = size;
    }
  }
}
