package dev.varve;

/**
 * Something that a path matches or not, asked step by step while a tree is walked. Immutable; what
 * is known of a path is a number that the caller keeps.
 */
abstract sealed class PathRule permits Glob, RegexRule {

  /** Whether a path matches. */
  enum Match {
    YES,
    NO,
    /** It would take too long to find out. */
    UNKNOWN
  }

  /** What is known at the root of the file system. */
  abstract long start();

  /** What is known one step further down. */
  abstract long advance(long state, String name);

  /**
   * Whether the path that {@code state} is known of matches.
   *
   * @param path the path, if {@link #needsPath()}
   */
  abstract Match match(long state, boolean directory, String path);

  /**
   * Whether something that is no directory matches: what {@link #advance} and {@link #match} would
   * say, but quickly.
   *
   * @param above what is known of the directory it is in
   */
  abstract Match judge(long above, String name, String path);

  /** Whether something below can still match. */
  abstract boolean canMatchBelow(long state);

  /** Whether it takes back what earlier rules matched. */
  abstract boolean negated();

  /** Whether it looks at whole paths. */
  abstract boolean needsPath();
}
