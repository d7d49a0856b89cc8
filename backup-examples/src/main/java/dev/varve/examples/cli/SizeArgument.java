package dev.varve.examples.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes as they are typed: {@code 500M}, {@code 2GiB}, {@code 1048576}. Stateless. */
final class SizeArgument {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})\\s*([KMGTP]?)(?:I?B)?");
  private static final String UNITS = "KMGTP";

  private SizeArgument() {}

  /** The number of bytes; units count by 1024. */
  static long bytes(String option, String typed) {
    Matcher matcher = SIZE.matcher(typed.strip().toUpperCase(Locale.ROOT));
    try {
      if (matcher.matches()) {
        long bytes = Long.parseLong(matcher.group(1));
        int shift = 10 * (UNITS.indexOf(matcher.group(2)) + 1);
        return matcher.group(2).isEmpty() ? bytes : Math.multiplyExact(bytes, 1L << shift);
      }
    } catch (ArithmeticException e) {
      throw new UsageException(option + ": '" + typed + "' is more than can be counted");
    }
    throw new UsageException(option + ": give a size such as 500M or 20GiB, not '" + typed + "'");
  }
}
