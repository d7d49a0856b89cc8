package dev.varve.examples.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes, shares and lengths of time as people type them. Stateless. */
final class Amounts {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([KMGT]?)(i?B)?");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%?");

  private Amounts() {}

  /** A size in bytes, K, M, G or T of 1024. */
  static long bytes(String option, String typed) {
    Matcher matcher = SIZE.matcher(typed.toUpperCase(Locale.ROOT).replace("IB", "iB"));
    if (!matcher.matches()) {
      throw new UsageException(
          option + ": '" + typed + "' is no size; give one such as 500M or 2T");
    }
    int unit = matcher.group(2).isEmpty() ? 0 : 1 + "KMGT".indexOf(matcher.group(2));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * unit));
    } catch (ArithmeticException e) {
      throw new UsageException(option + ": " + typed + " is too much");
    }
  }

  /** A share of 100. */
  static double fraction(String option, String typed) {
    Matcher matcher = PERCENT.matcher(typed);
    double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
    if (percent <= 0 || percent > 100) {
      throw new UsageException(
          option + ": give a share above 0 and up to 100%, not '" + typed + "'");
    }
    return percent / 100;
  }

  /** How long an age is; days have 24 hours, and months are those after January 1970. */
  static Duration length(Age age) {
    return Duration.between(
        Instant.EPOCH, Instant.EPOCH.atOffset(ZoneOffset.UTC).plus(age).toInstant());
  }
}
