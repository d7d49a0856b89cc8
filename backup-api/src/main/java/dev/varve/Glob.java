package dev.varve;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for paths, as git and restic know them. Immutable.
 *
 * <ul>
 *   <li>Steps are separated by {@code /}; {@code **} is any number of steps, the rest see {@link
 *       StepPattern}.
 *   <li>A pattern that begins with {@code /} begins at the root of the file system; any other
 *       matches at any depth: {@code *.tmp} and {@code build/*.o} match wherever they fit.
 *   <li>One that ends in {@code /} matches directories only.
 *   <li>One that ends in {@code /**} matches all that lies below, but not the directory.
 *   <li>One that begins with {@code !} takes back what earlier patterns matched.
 * </ul>
 *
 * <p>It is matched step by step while a tree is walked: a set bit of the state at {@code i} means
 * that the first {@code i} steps of the pattern match.
 */
final class Glob extends PathRule {

  private static final int MOST_STEPS = 62;

  private final StepPattern[] steps;
  private final boolean directoriesOnly;
  private final boolean negated;

  private Glob(StepPattern[] steps, boolean directoriesOnly, boolean negated) {
    this.steps = steps;
    this.directoriesOnly = directoriesOnly;
    this.negated = negated;
  }

  /**
   * Reads a pattern.
   *
   * @throws ConfigurationException if it is malformed
   */
  static Glob parse(String pattern, boolean ignoresCase) {
    boolean negated = pattern.startsWith("!");
    String rest = negated ? pattern.substring(1) : pattern;
    boolean anchored = rest.startsWith("/");
    boolean directoriesOnly = rest.endsWith("/");
    List<StepPattern> steps = new ArrayList<>();
    if (!anchored) {
      steps.add(StepPattern.ANY_STEPS);
    }
    for (String step : rest.split("/", -1)) {
      if (step.equals("**")) {
        steps.add(StepPattern.ANY_STEPS);
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.add(StepPattern.parse(step, pattern, ignoresCase));
      }
    }
    if (steps.isEmpty() || (steps.size() == 1 && !anchored)) {
      throw new ConfigurationException(
          "Pattern '" + pattern + "' names nothing; give a name such as *.tmp or /a/path");
    }
    if (steps.get(steps.size() - 1) == StepPattern.ANY_STEPS) {
      steps.add(StepPattern.ANY_STEP);
    }
    if (steps.size() > MOST_STEPS) {
      throw new ConfigurationException(
          "Pattern '" + pattern + "' has more than " + MOST_STEPS + " steps");
    }
    return new Glob(steps.toArray(new StepPattern[0]), directoriesOnly, negated);
  }

  @Override
  boolean negated() {
    return negated;
  }

  @Override
  boolean needsPath() {
    return false;
  }

  @Override
  long start() {
    return skipping(1);
  }

  @Override
  long advance(long state, String name) {
    long next = 0;
    for (long left = state & ~end(); left != 0; left &= left - 1) {
      int i = Long.numberOfTrailingZeros(left);
      if (steps[i] == StepPattern.ANY_STEPS) {
        next |= 1L << i;
      } else if ((next & (1L << (i + 1))) == 0 && steps[i].matches(name)) {
        next |= 1L << (i + 1);
      }
    }
    return skipping(next);
  }

  /** Whether the whole pattern matched in this state. */
  @Override
  Match match(long state, boolean directory, String path) {
    return (state & end()) != 0 && (directory || !directoriesOnly) ? Match.YES : Match.NO;
  }

  /** The last step of a pattern is never {@code **}, so that only it can complete a match. */
  @Override
  Match judge(long above, String name, String path) {
    int last = steps.length - 1;
    boolean reached = (above >>> last & 1) != 0;
    return reached && !directoriesOnly && steps[last].matches(name) ? Match.YES : Match.NO;
  }

  @Override
  boolean canMatchBelow(long state) {
    return (state & ~end()) != 0;
  }

  private long end() {
    return 1L << steps.length;
  }

  /** This state with all that is reached by {@code **} standing for no step. */
  private long skipping(long state) {
    long all = state;
    for (int i = 0; i < steps.length; i++) {
      if ((all & (1L << i)) != 0 && steps[i] == StepPattern.ANY_STEPS) {
        all |= 1L << (i + 1);
      }
    }
    return all;
  }
}
