package dev.varve.source.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names of owners and groups, each looked up once: asking for them with every file costs more than
 * everything else. Used by one thread.
 */
final class Owners {

  private final Map<Long, Optional<String>> users = new HashMap<>();
  private final Map<Long, Optional<String>> groups = new HashMap<>();

  /** The name of the owner {@code uid} of {@code path}, if it has one. */
  Optional<String> user(Path path, long uid) throws IOException {
    return name(users, "unix:owner", path, uid);
  }

  /** The name of the group {@code gid} of {@code path}, if it has one. */
  Optional<String> group(Path path, long gid) throws IOException {
    return name(groups, "unix:group", path, gid);
  }

  private static Optional<String> name(
      Map<Long, Optional<String>> known, String attribute, Path path, long id) throws IOException {
    Optional<String> name = known.get(id);
    if (name == null) {
      Object principal = Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
      // A principal without a name is called by its number, signed.
      name =
          Optional.of(((Principal) principal).getName())
              .filter(n -> !n.equals(Long.toString(id)) && !n.equals(Integer.toString((int) id)));
      known.put(id, name);
    }
    return name;
  }
}
