package dev.varve.internal.format;

import java.util.HexFormat;

/** Random 128-bit names as text. */
final class Names {

  private static final int DIGITS = 32;

  private Names() {}

  static String hex(long high, long low) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  /** The two words in the last 32 characters of {@code key}. */
  static long[] words(String key) throws FormatException {
    int start = key.length() - DIGITS;
    try {
      if (start >= 0) {
        return new long[] {
          HexFormat.fromHexDigitsToLong(key, start, start + 16),
          HexFormat.fromHexDigitsToLong(key, start + 16, start + DIGITS)
        };
      }
    } catch (IllegalArgumentException e) {
      throw new FormatException("Not a name of 32 hexadecimal digits: " + key, e);
    }
    throw new FormatException("Not a name of 32 hexadecimal digits: " + key);
  }
}
