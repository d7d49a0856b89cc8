package dev.varve;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of the JDK that is looked for in whole paths. Immutable.
 *
 * <p>The JDK tries alternatives one after the other, which for some expressions takes exponential
 * time on names that somebody else can choose. So it may look at characters only so often, a number
 * that is linear in the length of the path, and then gives up.
 */
final class RegexRule extends PathRule {

  /** Enough even for careless expressions on usual paths; a fraction of a millisecond. */
  private static final long LEAST_LOOKS = 100_000;

  /** Enough for careful expressions on every path. */
  private static final long LOOKS_PER_CHARACTER = 100;

  private final Pattern pattern;

  private RegexRule(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads an expression.
   *
   * @throws ConfigurationException if it is malformed
   */
  static RegexRule parse(String regex) {
    try {
      return new RegexRule(Pattern.compile(regex));
    } catch (PatternSyntaxException malformed) {
      throw new ConfigurationException(
          "Regular expression '" + regex + "' is malformed: " + malformed.getDescription(),
          malformed);
    }
  }

  @Override
  long start() {
    return 0;
  }

  @Override
  long advance(long state, String name) {
    return 0;
  }

  @Override
  Match match(long state, boolean directory, String path) {
    try {
      return pattern.matcher(new Looked(path)).find() ? Match.YES : Match.NO;
    } catch (TooManyLooksException | StackOverflowError endless) {
      return Match.UNKNOWN;
    }
  }

  @Override
  Match judge(long above, String name, String path) {
    return match(above, false, path);
  }

  @Override
  boolean canMatchBelow(long state) {
    return true;
  }

  @Override
  boolean negated() {
    return false;
  }

  @Override
  boolean needsPath() {
    return true;
  }

  /** The matching takes too long. */
  private static final class TooManyLooksException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooManyLooksException() {
      super("too many looks", null, false, false);
    }
  }

  /** A text that may be looked at only so often. */
  private static final class Looked implements CharSequence {

    private final String text;
    private long left;

    Looked(String text) {
      this.text = text;
      this.left = LEAST_LOOKS + LOOKS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooManyLooksException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
