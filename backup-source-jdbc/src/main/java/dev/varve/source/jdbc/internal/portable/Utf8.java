package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.EscapedOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads text as {@link EscapedOutput} writes it. Stateless. */
final class Utf8 {

  private Utf8() {}

  /** Text whose lone surrogates stand as three bytes each. */
  static String decode(byte[] bytes, int from, int to) throws IOException {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') < 0 ? text : exact(bytes, from, to);
  }

  private static String exact(byte[] bytes, int from, int to) throws IOException {
    StringBuilder text = new StringBuilder(to - from);
    int i = from;
    while (i < to) {
      int first = bytes[i] & 0xff;
      int length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
      if (i + length > to || first >= 0xf8 || (first >= 0x80 && first < 0xc2)) {
        throw new IOException("A text is not UTF-8");
      }
      int point = length == 1 ? first : first & (0xff >> (length + 1));
      for (int j = 1; j < length; j++) {
        if ((bytes[i + j] & 0xc0) != 0x80) {
          throw new IOException("A text is not UTF-8");
        }
        point = (point << 6) | (bytes[i + j] & 0x3f);
      }
      if (!Character.isValidCodePoint(point)) {
        throw new IOException("A text is not UTF-8");
      }
      text.appendCodePoint(point);
      i += length;
    }
    return text.toString();
  }
}
