package dev.varve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One step of a {@link Glob}: {@code *} is any run of characters, {@code ?} one, {@code [a-z]} and
 * {@code [!a-z]} one of a set, {@code \} makes the next plain. Immutable.
 */
final class StepPattern {

  /** The step {@code **}: any number of steps. */
  static final StepPattern ANY_STEPS = new StepPattern(new int[0], List.of(), false);

  /** The step {@code *}: exactly one, whatever it is. */
  static final StepPattern ANY_STEP = parse("*", "*", false);

  private static final int ANY_RUN = -1;
  private static final int ANY_CHARACTER = -2;
  private static final int FIRST_SET = -3;

  /** Characters, or one of the negative codes; a set's place is {@link #FIRST_SET} minus it. */
  private final int[] codes;

  private final List<Set> sets;
  private final boolean ignoresCase;

  /** Whether it is no more than {@link #prefix}, perhaps anything, and {@link #suffix}. */
  private final boolean simple;

  /** Whether anything may stand between the two. */
  private final boolean open;

  private final String prefix;
  private final String suffix;

  private StepPattern(int[] codes, List<Set> sets, boolean ignoresCase) {
    this.codes = codes;
    this.sets = sets;
    this.ignoresCase = ignoresCase;
    int star = indexOf(ANY_RUN, codes);
    this.open = star >= 0;
    this.simple =
        !ignoresCase && Arrays.stream(codes).filter(code -> code < 0).count() <= (open ? 1 : 0);
    this.prefix = simple ? new String(codes, 0, open ? star : codes.length) : "";
    this.suffix = simple && open ? new String(codes, star + 1, codes.length - star - 1) : "";
  }

  /** Reads one step of the pattern {@code whole}, which is named in errors. */
  static StepPattern parse(String step, String whole, boolean ignoresCase) {
    int[] text = step.codePoints().toArray();
    int[] codes = new int[text.length];
    int length = 0;
    List<Set> sets = new ArrayList<>();
    for (int i = 0; i < text.length; i++) {
      switch (text[i]) {
        case '*' -> codes[length++] = ANY_RUN;
        case '?' -> codes[length++] = ANY_CHARACTER;
        case '[' -> {
          int end = endOfSet(text, i, whole);
          codes[length++] = FIRST_SET - sets.size();
          sets.add(Set.of(text, i + 1, end));
          i = end;
        }
        case '\\' -> {
          if (++i == text.length) {
            throw new ConfigurationException(
                "Pattern '" + whole + "' ends a step in a backslash; write \\\\ for one");
          }
          codes[length++] = ignoresCase ? folded(text[i]) : text[i];
        }
        default -> codes[length++] = ignoresCase ? folded(text[i]) : text[i];
      }
    }
    return new StepPattern(Arrays.copyOf(codes, length), List.copyOf(sets), ignoresCase);
  }

  /** Whether a name matches; on a mismatch the last {@code *} takes one character more. */
  boolean matches(String name) {
    if (simple) {
      return open
          ? name.length() >= prefix.length() + suffix.length()
              && name.startsWith(prefix)
              && name.endsWith(suffix)
          : name.equals(prefix);
    }
    int at = 0;
    int code = 0;
    int star = -1;
    int starAt = 0;
    while (at < name.length()) {
      int character = name.codePointAt(at);
      if (code < codes.length && codes[code] == ANY_RUN) {
        star = code++;
        starAt = at;
      } else if (code < codes.length && matches(codes[code], character)) {
        code++;
        at += Character.charCount(character);
      } else if (star >= 0) {
        starAt += Character.charCount(name.codePointAt(starAt));
        at = starAt;
        code = star + 1;
      } else {
        return false;
      }
    }
    while (code < codes.length && codes[code] == ANY_RUN) {
      code++;
    }
    return code == codes.length;
  }

  private boolean matches(int code, int character) {
    return code == (ignoresCase ? folded(character) : character)
        || code == ANY_CHARACTER
        || (code <= FIRST_SET && sets.get(FIRST_SET - code).holds(character, ignoresCase));
  }

  /** The same for all that differ in case only. */
  private static int folded(int character) {
    return Character.toLowerCase(Character.toUpperCase(character));
  }

  private static int indexOf(int code, int[] codes) {
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] == code) {
        return i;
      }
    }
    return -1;
  }

  private static int endOfSet(int[] text, int open, String whole) {
    int first = open + 1 < text.length && isNot(text[open + 1]) ? open + 2 : open + 1;
    for (int i = first; i < text.length; i++) {
      if (text[i] == '\\') {
        i++;
      } else if (text[i] == ']' && i > first) {
        return i;
      }
    }
    throw new ConfigurationException(
        "Pattern '" + whole + "' has a [ without its ]; write \\[ for a plain one");
  }

  private static boolean isNot(int character) {
    return character == '!' || character == '^';
  }

  /** Characters from {@code from[i]} to {@code to[i]}, or all others. */
  private static final class Set {

    private final boolean negated;
    private final int[] from;
    private final int[] to;

    private Set(boolean negated, int[] from, int[] to) {
      this.negated = negated;
      this.from = from;
      this.to = to;
    }

    static Set of(int[] text, int start, int end) {
      boolean negated = isNot(text[start]);
      int[] from = new int[end - start];
      int[] to = new int[end - start];
      int ranges = 0;
      for (int i = negated ? start + 1 : start; i < end; i++) {
        i = text[i] == '\\' ? i + 1 : i;
        from[ranges] = text[i];
        to[ranges] = text[i];
        if (i + 2 < end && text[i + 1] == '-') {
          i += text[i + 2] == '\\' && i + 3 < end ? 3 : 2;
          to[ranges] = text[i];
        }
        ranges++;
      }
      return new Set(negated, Arrays.copyOf(from, ranges), Arrays.copyOf(to, ranges));
    }

    boolean holds(int character, boolean ignoresCase) {
      boolean listed =
          lists(character)
              || (ignoresCase
                  && (lists(Character.toLowerCase(character))
                      || lists(Character.toUpperCase(character))));
      return listed != negated;
    }

    private boolean lists(int character) {
      for (int i = 0; i < from.length; i++) {
        if (from[i] <= character && character <= to[i]) {
          return true;
        }
      }
      return false;
    }
  }
}
