package dev.varve;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which paths are meant. Immutable; the positions it hands out too.
 *
 * <p>The last exclude pattern that matches a path decides, so that a negated one takes back what
 * those before it matched. What lies below an excluded directory is excluded and cannot be taken
 * back. Where there are include patterns, only what one of them matches, or what lies below that,
 * is meant.
 *
 * <p>Patterns are as git and restic know them:
 *
 * <ul>
 *   <li>{@code *} is any run of characters of one step of a path, {@code ?} one character, {@code
 *       [a-z]} and {@code [!a-z]} one of a set, {@code \} makes the next character plain.
 *   <li>{@code **} as a whole step is any number of steps.
 *   <li>A pattern that begins with {@code /} begins at the root; any other matches at any depth:
 *       {@code *.tmp} and {@code build/*.o} match wherever they fit.
 *   <li>One that ends in {@code /} matches directories only; one that ends in {@code /**} all that
 *       lies below, but not the directory.
 *   <li>An exclude pattern that begins with {@code !} takes back.
 * </ul>
 */
public final class PathFilter {

  private static final PathFilter EVERYTHING = builder().build();

  private final PathRule[] excludes;
  private final PathRule[] includes;
  private final boolean needsPath;

  private PathFilter(Builder builder) {
    excludes = builder.excludes.toArray(PathRule[]::new);
    includes = builder.includes.toArray(PathRule[]::new);
    needsPath = builder.excludes.stream().anyMatch(PathRule::needsPath);
  }

  /** The filter that admits every path. */
  public static PathFilter everything() {
    return EVERYTHING;
  }

  /** Starts with a filter that admits every path. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What the options {@code include}, {@code iinclude}, {@code include-file}, {@code exclude},
   * {@code iexclude}, {@code exclude-file} and {@code exclude-regex} say, each given any number of
   * times; {@code i} ignores case. Where the order matters, files come first, then the options in
   * this order.
   *
   * @throws ConfigurationException if a pattern is malformed or a file cannot be read
   */
  public static PathFilter from(Options options) {
    Builder builder = builder();
    options.all("include-file").forEach(file -> builder.includeFrom(path(file)));
    options.all("include").forEach(builder::include);
    options.all("iinclude").forEach(builder::includeIgnoringCase);
    options.all("exclude-file").forEach(file -> builder.excludeFrom(path(file)));
    options.all("exclude").forEach(builder::exclude);
    options.all("iexclude").forEach(builder::excludeIgnoringCase);
    options.all("exclude-regex").forEach(builder::excludeRegex);
    return builder.build();
  }

  /** Starts with what this filter says. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.excludes.addAll(List.of(excludes));
    builder.includes.addAll(List.of(includes));
    return builder;
  }

  /** Whether every path is meant. */
  public boolean isEverything() {
    return excludes.length == 0 && includes.length == 0;
  }

  /** What a filter says of a path. */
  public enum Verdict {
    /** It is meant. */
    ADMITTED,
    /** It, or a directory above it, is excluded. */
    EXCLUDED,
    /** No include pattern matches. */
    NOT_INCLUDED,
    /** A regular expression would take too long on it. */
    UNDECIDED
  }

  /** The root of all paths. */
  public Position start() {
    return new Position(
        starts(excludes), starts(includes), "", PathRule.Match.NO, includes.length == 0, true);
  }

  /**
   * What the filter says of something that is no directory, in the directory at {@code parent}.
   *
   * @param name its last step's bytes
   */
  public Verdict judge(Position parent, byte[] name) {
    if (isEverything()) {
      return Verdict.ADMITTED;
    }
    if (parent.excluded == PathRule.Match.YES) {
      return Verdict.EXCLUDED;
    }
    String text = EntryPath.textOf(name);
    boolean included = parent.included;
    for (int i = 0; i < includes.length && !included; i++) {
      included = includes[i].judge(parent.including[i], text, "") == PathRule.Match.YES;
    }
    if (!included) {
      return Verdict.NOT_INCLUDED;
    }
    String path = needsPath ? parent.path + "/" + text : "";
    PathRule.Match matched = PathRule.Match.NO;
    for (int i = 0; i < excludes.length; i++) {
      PathRule.Match match = excludes[i].judge(parent.excluding[i], text, path);
      matched = decided(matched, excludes[i], match);
    }
    return switch (matched) {
      case YES -> Verdict.EXCLUDED;
      case NO -> Verdict.ADMITTED;
      case UNKNOWN -> Verdict.UNDECIDED;
    };
  }

  /**
   * One step further down.
   *
   * @param name the step's bytes
   * @param directory whether it is a directory
   */
  public Position advance(Position parent, byte[] name, boolean directory) {
    if (isEverything()) {
      return parent;
    }
    String text = EntryPath.textOf(name);
    String path = needsPath ? parent.path + "/" + text : "";
    long[] excluding = new long[excludes.length];
    PathRule.Match matched = PathRule.Match.NO;
    for (int i = 0; i < excludes.length; i++) {
      excluding[i] = excludes[i].advance(parent.excluding[i], text);
      matched = decided(matched, excludes[i], excludes[i].match(excluding[i], directory, path));
    }
    long[] including = new long[includes.length];
    boolean included = parent.included;
    boolean promising = included;
    for (int i = 0; i < includes.length; i++) {
      including[i] = includes[i].advance(parent.including[i], text);
      included |= includes[i].match(including[i], directory, "") == PathRule.Match.YES;
      promising |= includes[i].canMatchBelow(including[i]);
    }
    PathRule.Match excluded = parent.excluded == PathRule.Match.YES ? PathRule.Match.YES : matched;
    return new Position(excluding, including, path, excluded, included, promising || included);
  }

  /** What is known after a rule, which was asked after others. */
  private static PathRule.Match decided(
      PathRule.Match before, PathRule rule, PathRule.Match match) {
    if (match == PathRule.Match.NO
        || (match == PathRule.Match.UNKNOWN && before == PathRule.Match.YES)) {
      return before;
    }
    return match == PathRule.Match.YES && rule.negated() ? PathRule.Match.NO : match;
  }

  private static Path path(String typed) {
    try {
      return Path.of(typed);
    } catch (InvalidPathException unusable) {
      throw new ConfigurationException(
          "'" + typed + "' cannot be the name of a file: " + unusable.getReason(), unusable);
    }
  }

  private static long[] starts(PathRule[] rules) {
    long[] starts = new long[rules.length];
    for (int i = 0; i < rules.length; i++) {
      starts[i] = rules[i].start();
    }
    return starts;
  }

  /** What a filter knows of a path, and so of what lies below. */
  public static final class Position {

    private final long[] excluding;
    private final long[] including;
    private final String path;
    private final PathRule.Match excluded;
    private final boolean included;
    private final boolean promising;

    private Position(
        long[] excluding,
        long[] including,
        String path,
        PathRule.Match excluded,
        boolean included,
        boolean promising) {
      this.excluding = excluding;
      this.including = including;
      this.path = path;
      this.excluded = excluded;
      this.included = included;
      this.promising = promising;
    }

    /** Whether the path itself, or one above it, is excluded. */
    public boolean excluded() {
      return excluded == PathRule.Match.YES;
    }

    /** Whether the path, or one above it, is included; it may be excluded nevertheless. */
    public boolean included() {
      return included;
    }

    /** What the filter says of it as a directory: whether to look at what lies below. */
    public Verdict verdict() {
      return switch (excluded) {
        case YES -> Verdict.EXCLUDED;
        case NO -> promising ? Verdict.ADMITTED : Verdict.NOT_INCLUDED;
        case UNKNOWN -> promising ? Verdict.UNDECIDED : Verdict.NOT_INCLUDED;
      };
    }

    /** This position of a path that is not excluded, whatever patterns say. */
    public Position asRoot() {
      return new Position(excluding, including, path, PathRule.Match.NO, included, promising);
    }
  }

  /** Collects patterns. Used by one thread. */
  public static final class Builder {

    private final List<PathRule> excludes = new ArrayList<>();
    private final List<PathRule> includes = new ArrayList<>();

    private Builder() {}

    /**
     * Excludes what matches, or with a {@code !} takes back what patterns before this matched.
     *
     * @throws ConfigurationException if the pattern is malformed
     */
    public Builder exclude(String pattern) {
      excludes.add(Glob.parse(pattern, false));
      return this;
    }

    /**
     * Excludes what matches, capital and small letters being the same.
     *
     * @throws ConfigurationException if the pattern is malformed
     */
    public Builder excludeIgnoringCase(String pattern) {
      excludes.add(Glob.parse(pattern, true));
      return this;
    }

    /**
     * Excludes every path in which a regular expression of the JDK is found. Paths begin with
     * {@code /} and do not end in one. An expression that takes too long on a path (more than some
     * milliseconds) does not exclude it, and that is reported.
     *
     * @throws ConfigurationException if the expression is malformed
     */
    public Builder excludeRegex(String regex) {
      excludes.add(RegexRule.parse(regex));
      return this;
    }

    /**
     * Excludes by the patterns in {@code file}, as git reads them: one a line, in UTF-8; empty
     * lines and those that begin with {@code #} are skipped, spaces at the end do not count unless
     * they stand behind a {@code \}.
     *
     * @throws ConfigurationException if the file cannot be read or a pattern is malformed
     */
    public Builder excludeFrom(Path file) {
      PatternFile.read(file).forEach(this::exclude);
      return this;
    }

    /**
     * Includes only what matches this or another include pattern, and what lies below that.
     *
     * @throws ConfigurationException if the pattern is malformed or negated
     */
    public Builder include(String pattern) {
      return include(pattern, false);
    }

    /**
     * Includes as {@link #include} does, capital and small letters being the same.
     *
     * @throws ConfigurationException if the pattern is malformed or negated
     */
    public Builder includeIgnoringCase(String pattern) {
      return include(pattern, true);
    }

    /**
     * Includes by the patterns in {@code file}, read as {@link #excludeFrom} does.
     *
     * @throws ConfigurationException if the file cannot be read or a pattern is malformed
     */
    public Builder includeFrom(Path file) {
      PatternFile.read(file).forEach(this::include);
      return this;
    }

    /** The filter. */
    public PathFilter build() {
      return new PathFilter(this);
    }

    private Builder include(String pattern, boolean ignoresCase) {
      Glob glob = Glob.parse(pattern, ignoresCase);
      if (glob.negated()) {
        throw new ConfigurationException(
            "Include pattern '" + pattern + "' is negated; exclude what it names instead");
      }
      includes.add(glob);
      return this;
    }
  }
}
