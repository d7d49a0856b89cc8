package dev.varve.source.files;

import dev.varve.ConfigurationException;

/** Reads sizes as people type them. */
final class Sizes {

  private static final String UNITS = "KMGT";

  private Sizes() {}

  /**
   * A number of bytes, or with a letter of kibi-, mebi-, gibi- or tebibytes.
   *
   * @throws ConfigurationException if it is none
   */
  static long parse(String typed) {
    String digits = typed.replaceFirst("(?i)[kmgt]$", "");
    int unit = digits.equals(typed) ? -1 : UNITS.indexOf(Character.toUpperCase(last(typed)));
    try {
      if (!digits.isEmpty() && Character.isDigit(digits.charAt(0))) {
        return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
      }
    } catch (NumberFormatException | ArithmeticException unusable) {
      throw malformed(typed);
    }
    throw malformed(typed);
  }

  private static char last(String typed) {
    return typed.charAt(typed.length() - 1);
  }

  private static ConfigurationException malformed(String typed) {
    return new ConfigurationException(
        "'" + typed + "' is no size; give bytes such as 1000, or 500K, 20M, 1G, 2T");
  }
}
