package dev.varve.source.archive;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;

/** Times as pax writes them: seconds since 1970 with a fraction. Stateless. */
final class Times {

  private static final int MOST_CHARACTERS = 64;

  private Times() {}

  static String format(Instant time) {
    BigDecimal seconds =
        BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
    return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
  }

  static Instant parse(String text) throws IOException {
    try {
      if (text.length() > MOST_CHARACTERS || !text.matches("-?[0-9]*\\.?[0-9]*")) {
        throw new NumberFormatException(text);
      }
      BigDecimal time = new BigDecimal(text);
      BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
      int nanos = time.subtract(seconds).movePointRight(9).intValue();
      return Instant.ofEpochSecond(seconds.longValueExact(), nanos);
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      throw new IOException("The archive is damaged: a time in it makes no sense", e);
    }
  }

  /** Whether a time has no parts of a second. */
  static boolean isWhole(Instant time) {
    return time.equals(Instant.ofEpochSecond(time.getEpochSecond()));
  }
}
