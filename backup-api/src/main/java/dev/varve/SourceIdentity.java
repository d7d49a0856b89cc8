package dev.varve;

/**
 * Who a snapshot is of, printed {@code kind:name@host}, e.g. {@code files:uploads@web-1}. Retention
 * groups by it and change detection compares within it.
 *
 * @param kind what sort of source, e.g. {@code files}: lower-case letters, digits and hyphens
 * @param name which one of that sort: not empty, no control characters
 * @param host where it is read: not empty, no {@code @}, no control characters
 */
public record SourceIdentity(String kind, String name, String host) {

  /** The longest printed form in characters. */
  public static final int MAX_LENGTH = 1024;

  /** Fails if a part is not as described, or all together are too long. */
  public SourceIdentity {
    if (!kind.matches("[a-z0-9-]+") || !isName(name) || !isName(host) || host.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "A source is called kind:name@host, e.g. files:uploads@web-1, not '"
              + (kind + ":" + name + "@" + host)
              + "'");
    }
    if (kind.length() + name.length() + host.length() + 2 > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "A source's name has at most " + MAX_LENGTH + " characters");
    }
  }

  /**
   * Reads the printed form; the host begins after the last {@code @}.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static SourceIdentity parse(String printed) {
    int colon = printed.indexOf(':');
    int at = printed.lastIndexOf('@');
    if (colon < 0 || at < colon) {
      throw new IllegalArgumentException(
          "A source is called kind:name@host, e.g. files:uploads@web-1, not '" + printed + "'");
    }
    return new SourceIdentity(
        printed.substring(0, colon), printed.substring(colon + 1, at), printed.substring(at + 1));
  }

  /**
   * What sources call this machine unless they are told: the environment variable {@code
   * VARVE_HOST}, or else the machine's name.
   *
   * @throws ConfigurationException if neither is known
   */
  public static String thisHost() {
    return HostName.ofThisMachine();
  }

  @Override
  public String toString() {
    return kind + ":" + name + "@" + host;
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof SourceIdentity that
        && kind.equals(that.kind)
        && name.equals(that.name)
        && host.equals(that.host);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kind.hashCode() + name.hashCode()) + host.hashCode();
  }
}
