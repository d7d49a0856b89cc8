package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be told of a database from its JDBC URL. Immutable. Prints the URL without anything that
 * could be a secret: what follows the database's name is cut off.
 *
 * @param product what follows {@code jdbc:}, e.g. {@code postgresql}
 * @param host the server, without its port; empty where the URL names none or this machine
 * @param database the database's name; empty where the URL names none
 * @param shown the URL as it may be shown
 */
record DatabaseUrl(String product, Optional<String> host, Optional<String> database, String shown) {

  private static final Pattern PRODUCT = Pattern.compile("jdbc:([a-zA-Z0-9+.-]+)(?::.*)?");
  private static final Pattern SECRET =
      Pattern.compile("(?i)(password|passwd|pwd|secret|token|api-?key)[a-z_.-]*\\s*=");
  private static final Pattern LOGIN = Pattern.compile(":[^:/@?;]*/[^/@?;]*@");
  private static final Pattern SERVER = Pattern.compile("//([^/?;#]*)");
  private static final Pattern PARAMETERS = Pattern.compile("[?;#(].*");

  /** Reads a URL, whatever it holds. */
  static DatabaseUrl parse(String url) {
    Matcher product = PRODUCT.matcher(url);
    String name = product.matches() ? product.group(1) : "database";
    String shown = PARAMETERS.matcher(url).replaceFirst("");
    int at = shown.lastIndexOf('@');
    if (at >= 0) {
      int start = Math.max(shown.indexOf("//") + 2, name.length() + "jdbc:".length() + 1);
      shown = shown.substring(0, Math.min(start, at)) + shown.substring(at + 1);
    }
    Matcher server = SERVER.matcher(shown);
    Optional<String> host =
        server.find()
            ? Optional.of(hostOf(server.group(1))).filter(h -> !isHere(h))
            : Optional.empty();
    return new DatabaseUrl(name, host, databaseOf(shown), shown);
  }

  /**
   * Reads a URL as a user typed it.
   *
   * @throws ConfigurationException if it is no JDBC URL or holds a login
   */
  static DatabaseUrl checked(String url) {
    if (!PRODUCT.matcher(url).matches()) {
      throw new ConfigurationException(
          "A database's location is a JDBC URL such as jdbc:postgresql://host/database");
    }
    Location.parse(url);
    if (SECRET.matcher(url).find() || LOGIN.matcher(url).find()) {
      throw new ConfigurationException(
          "A JDBC URL holds a password; URLs are logged: give user and password apart from it");
    }
    return parse(url);
  }

  @Override
  public String toString() {
    return shown;
  }

  private static String hostOf(String authority) {
    String first = authority.split(",", 2)[0];
    if (first.startsWith("[")) {
      return first.substring(1, Math.max(1, first.indexOf(']')));
    }
    int colon = first.indexOf(':');
    return colon < 0 ? first : first.substring(0, colon);
  }

  private static boolean isHere(String host) {
    return host.isEmpty()
        || host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("0.0.0.0");
  }

  /** The last step of what names the database. */
  private static Optional<String> databaseOf(String shown) {
    int server = shown.indexOf("//");
    int slash = server < 0 ? -1 : shown.indexOf('/', server + 2);
    if (server >= 0 && slash < 0) {
      return Optional.empty();
    }
    String rest = shown.substring(slash + 1);
    int end =
        Math.max(rest.lastIndexOf('/'), Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf(':')));
    String name = rest.substring(end + 1);
    return Optional.of(name).filter(n -> !n.isEmpty());
  }
}
