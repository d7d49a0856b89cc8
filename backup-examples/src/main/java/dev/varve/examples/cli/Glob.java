package dev.varve.examples.cli;

import dev.varve.EntryPath;
import java.util.regex.Pattern;

/**
 * A pattern for {@code varve find}: {@code *}, {@code ?} and {@code [abc]} stay within one step of
 * a path, {@code **} does not. Without a slash it is matched against an entry's own name, with one
 * against the whole path. Immutable.
 */
final class Glob {

  private final Pattern pattern;
  private final boolean wholePath;

  Glob(String typed, boolean ignoreCase) {
    String glob = typed.replaceFirst("^/+", "").replaceFirst("/+$", "");
    if (glob.isEmpty()) {
      throw new UsageException("The pattern is empty");
    }
    wholePath = glob.indexOf('/') >= 0;
    int flags = ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    pattern = Pattern.compile(expression(glob), flags | Pattern.DOTALL);
  }

  /** Whether an entry of this path is meant. */
  boolean matches(EntryPath path) {
    String text = path.toString();
    int end = text.endsWith("/") ? text.length() - 1 : text.length();
    int start = wholePath ? 0 : text.lastIndexOf('/', end - 1) + 1;
    return pattern.matcher(text).region(start, end).matches();
  }

  private static String expression(String glob) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        out.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        out.append(".*");
        i += 1;
      } else if (c == '*') {
        out.append("[^/]*");
      } else if (c == '?') {
        out.append("[^/]");
      } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
        int end = glob.indexOf(']', i + 2);
        out.append(characters(glob.substring(i + 1, end)));
        i = end;
      } else {
        out.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return out.toString();
  }

  private static String characters(String inside) {
    boolean negated = inside.startsWith("!") || inside.startsWith("^");
    String escaped = inside.substring(negated ? 1 : 0).replaceAll("([\\\\\\[\\]&^])", "\\\\$1");
    return "(?!/)[" + (negated ? "^" : "") + escaped + "]";
  }
}
