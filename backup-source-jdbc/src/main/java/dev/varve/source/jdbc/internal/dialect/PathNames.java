package dev.varve.source.jdbc.internal.dialect;

import dev.varve.EntryPath;
import java.nio.charset.StandardCharsets;

/**
 * Makes entries' paths of a database's names, so that different names never make one path: {@code
 * %}, {@code /} and control characters stand as {@code %HH} of their UTF-8 form, and so do the dots
 * of names that are only dots; the empty name is {@code %}. Stateless.
 */
public final class PathNames {

  private static final String HEX = "0123456789ABCDEF";

  private PathNames() {}

  /** The path with these steps, each a name as the database has it. */
  public static EntryPath path(String... names) {
    StringBuilder path = new StringBuilder();
    for (String name : names) {
      path.append(path.length() == 0 ? "" : "/");
      append(path, name);
    }
    return EntryPath.of(path.toString());
  }

  private static void append(StringBuilder path, String name) {
    boolean dots = name.equals(".") || name.equals("..");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '%' || c == '/' || Character.isISOControl(c) || dots) {
        for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
          path.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
      } else {
        path.append(c);
      }
    }
    path.append(name.isEmpty() ? "%" : "");
  }
}
