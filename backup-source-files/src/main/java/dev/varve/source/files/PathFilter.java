package dev.varve.source.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Decides by patterns what of a tree belongs to a backup. Immutable; the states it hands out too.
 *
 * <p>The last exclude pattern that matches decides, so that a negated one takes back. What lies
 * below an excluded directory is not looked at. Where there are include patterns, only what one of
 * them matches, or what lies below that, belongs to the backup.
 */
final class PathFilter {

  /** Invalid bytes become these lone surrogates, so that no valid name equals an invalid one. */
  private static final int INVALID_BYTE = 0xdc00;

  private final List<Glob> includes;
  private final List<Glob> excludes;

  PathFilter(List<Glob> includes, List<Glob> excludes) {
    this.includes = List.copyOf(includes);
    this.excludes = List.copyOf(excludes);
  }

  /** The state at the root of the file system. */
  State start() {
    return new State(starts(excludes), starts(includes), false, includes.isEmpty(), true);
  }

  /**
   * The state one step further down.
   *
   * @param name the step's bytes
   * @param directory whether it is a directory
   */
  State advance(State parent, byte[] name, boolean directory) {
    if (excludes.isEmpty() && includes.isEmpty()) {
      return parent;
    }
    String text = text(name);
    long[] excluding = new long[excludes.size()];
    boolean matched = false;
    for (int i = 0; i < excluding.length; i++) {
      Glob glob = excludes.get(i);
      excluding[i] = glob.advance(parent.excluding[i], text);
      if (glob.matches(excluding[i], directory)) {
        matched = !glob.negated();
      }
    }
    long[] including = new long[includes.size()];
    boolean included = parent.included;
    boolean promising = included;
    for (int i = 0; i < including.length; i++) {
      Glob glob = includes.get(i);
      including[i] = glob.advance(parent.including[i], text);
      included |= glob.matches(including[i], directory);
      promising |= glob.canMatchBelow(including[i]);
    }
    boolean excluded = matched || parent.excluded;
    return new State(excluding, including, excluded, included, promising || included);
  }

  private static long[] starts(List<Glob> globs) {
    return globs.stream().mapToLong(Glob::start).toArray();
  }

  /** A name as text, every invalid byte a character of its own. */
  static String text(byte[] name) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer out = CharBuffer.allocate(name.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (INVALID_BYTE + (in.get() & 0xff)));
      }
    }
  }

  /** How far the patterns match a path. */
  static final class State {

    private final long[] excluding;
    private final long[] including;
    private final boolean excluded;
    private final boolean included;
    private final boolean promising;

    private State(
        long[] excluding, long[] including, boolean excluded, boolean included, boolean promising) {
      this.excluding = excluding;
      this.including = including;
      this.excluded = excluded;
      this.included = included;
      this.promising = promising;
    }

    /** Whether the path itself, or one above it, is excluded. */
    boolean excluded() {
      return excluded;
    }

    /** Whether the path, or one above it, is included; it may be excluded nevertheless. */
    boolean included() {
      return included;
    }

    /** Whether something below can be included. */
    boolean promising() {
      return promising;
    }

    /** This state of a path that was named as a root, and so is not excluded. */
    State asRoot() {
      return new State(excluding, including, false, included, promising);
    }
  }
}
