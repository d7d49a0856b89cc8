package dev.varve.source.jdbc.internal.mariadb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the user of a session may do, by its grants and those of its role. Used by one thread. */
final class Rights {

  /** Without these the server hides things as if they were not there. */
  private static final List<String> NEEDED = List.of("TRIGGER", "EVENT");

  private static final Pattern GRANT =
      Pattern.compile("GRANT (.+) ON (?:TABLE )?(\\*|`(?:[^`]|``)+`)\\.\\* TO .*", Pattern.DOTALL);

  private record Grant(Set<String> rights, String schema) {}

  private final List<Grant> grants = new ArrayList<>();

  Rights(Session session) throws IOException {
    for (Row row : session.rows("Asking for this user's rights", "SHOW GRANTS")) {
      Matcher grant = GRANT.matcher(row.text(1));
      if (grant.matches()) {
        String schema = grant.group(2);
        Set<String> rights = new HashSet<>();
        for (String right : grant.group(1).split(",", -1)) {
          rights.add(right.strip().toUpperCase(Locale.ROOT));
        }
        grants.add(
            new Grant(
                rights,
                schema.equals("*")
                    ? "%"
                    : schema.substring(1, schema.length() - 1).replace("``", "`")));
      }
    }
  }

  /** Whether a right is held on all of a schema. */
  boolean has(String right, String schema) {
    for (Grant grant : grants) {
      if (matches(grant.schema, schema)
          && (grant.rights.contains(right)
              || grant.rights.contains("ALL PRIVILEGES")
              || grant.rights.contains("ALL"))) {
        return true;
      }
    }
    return false;
  }

  /** Rights on a schema without which things would be missing unseen. */
  List<String> missing(String schema) {
    return NEEDED.stream().filter(right -> !has(right, schema)).toList();
  }

  /** Schemas are granted by patterns as {@code LIKE} takes them. */
  private static boolean matches(String pattern, String schema) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
      } else {
        regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(schema).matches();
  }
}
