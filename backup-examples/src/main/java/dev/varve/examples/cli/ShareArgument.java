package dev.varve.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads shares as people type them. Stateless. */
final class ShareArgument {

  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%?");

  private ShareArgument() {}

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
}
