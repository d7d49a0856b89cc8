package dev.varve.source.jdbc.internal.mariadb;

/** Bytes as hexadecimal digits. Stateless. */
final class Hex {

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private Hex() {}

  /** A literal of a statement. */
  static String literal(byte[] bytes) {
    StringBuilder literal = new StringBuilder(2 * bytes.length + 3).append("x'");
    for (byte b : bytes) {
      literal.append((char) high(b)).append((char) low(b));
    }
    return literal.append('\'').toString();
  }

  static byte high(byte b) {
    return DIGITS[b >> 4 & 15];
  }

  static byte low(byte b) {
    return DIGITS[b & 15];
  }
}
