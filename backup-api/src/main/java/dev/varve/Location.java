package dev.varve;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something is, as a user typed it: {@code scheme:rest}, or a path, whose scheme is {@code
 * file}. Holds no secrets: a location with user info or a password is refused. Immutable.
 *
 * @param scheme lower-case letters, digits, {@code + - .}; at least two characters
 * @param rest what follows the colon, as typed
 */
public record Location(String scheme, String rest) {

  private static final Pattern WITH_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)");
  private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");
  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)[?&;][a-z_.-]*(password|passwd|pwd|secret|token|api-?key)[a-z_.-]*=");

  /**
   * Reads what a user typed.
   *
   * @throws ConfigurationException if it is empty or seems to hold a secret
   */
  public static Location parse(String typed) {
    if (typed.isEmpty()) {
      throw new ConfigurationException("A location is empty; give a path or scheme:rest");
    }
    Matcher matcher = WITH_SCHEME.matcher(typed);
    if (!matcher.matches()) {
      return new Location("file", typed);
    }
    String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
    String rest = matcher.group(2);
    if (USER_INFO.matcher(rest).find() || SECRET_PARAMETER.matcher(rest).find()) {
      throw new ConfigurationException(
          "The location of "
              + scheme
              + " holds user info or a password; locations are logged: give credentials"
              + " as options, files or environment variables");
    }
    return new Location(scheme, rest);
  }

  /**
   * The one location of a list.
   *
   * @throws ConfigurationException if there is none or more than one
   */
  public static Location only(List<Location> locations) {
    if (locations.size() != 1) {
      throw new ConfigurationException("Expected one location, not " + locations);
    }
    return locations.get(0);
  }

  @Override
  public String toString() {
    return scheme + ":" + rest;
  }
}
