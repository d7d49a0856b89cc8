package dev.varve.source.files;

import dev.varve.Attributes;
import dev.varve.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Writes extended attributes, access control lists and capabilities among them. What cannot be
 * written is summed up. Safe for use by many threads.
 */
final class AttributeWriter {

  private final boolean privileged;
  private final boolean exact;
  private final Optional<SystemCalls> calls;
  private final Shortfalls shortfalls;

  /**
   * @param privileged whether to write what gives rights beyond the owner's
   * @param exact whether to remove what an entry does not have
   */
  AttributeWriter(
      boolean privileged, boolean exact, Optional<SystemCalls> calls, Shortfalls shortfalls) {
    this.privileged = privileged;
    this.exact = exact;
    this.calls = calls;
    this.shortfalls = shortfalls;
  }

  /** What attributes are for. */
  private enum Use {
    USER("attributes of the user"),
    ACCESS("access control lists"),
    CAPABILITY("capabilities"),
    SECURITY("security attributes"),
    TRUSTED("trusted attributes"),
    OTHER("other extended attributes");

    private final String words;

    Use(String words) {
      this.words = words;
    }

    static Use of(byte[] name) {
      String text = new String(name, StandardCharsets.ISO_8859_1);
      if (text.startsWith("user.")) {
        return USER;
      }
      if (text.equals("system.posix_acl_access") || text.equals("system.posix_acl_default")) {
        return ACCESS;
      }
      if (text.equals("security.capability")) {
        return CAPABILITY;
      }
      return text.startsWith("security.")
          ? SECURITY
          : text.startsWith("trusted.") ? TRUSTED : OTHER;
    }

    boolean isPrivileged() {
      return this == CAPABILITY || this == SECURITY || this == TRUSTED;
    }

    /** Whether the system never sets one on its own. */
    boolean isDeliberate() {
      return this == USER || this == ACCESS || this == CAPABILITY;
    }
  }

  /**
   * Writes those of an entry to something that was just made and that nobody else can reach.
   *
   * @param owned whether it has the owner that it had
   */
  void write(Path staged, Entry entry, boolean owned) {
    for (String key : entry.attributes().names()) {
      if (key.startsWith(ExtendedAttributes.PREFIX)) {
        write(staged, entry, key, owned);
      }
    }
  }

  private void write(Path staged, Entry entry, String key, boolean owned) {
    byte[] value = entry.attributes().find(key).orElseThrow();
    Use use = Use.OTHER;
    try {
      byte[] name = ExtendedAttributes.name(key);
      use = Use.of(name);
      if (!isAllowed(use, owned)) {
        shortfalls.add(use.words + " are restored by root only, with owners", entry.path());
      } else if (calls.isPresent()) {
        calls.get().setAttribute(Spot.at(staged), name, value);
      } else if (ExtendedAttributes.isOfUser(key)) {
        ExtendedAttributes.writeOfUser(staged, key, value);
      } else {
        throw new IOException(SystemCalls.lack());
      }
    } catch (IOException failure) {
      shortfalls.add(
          use.words + " could not be restored: " + Failures.reason(failure), entry.path());
    }
  }

  /**
   * Whether something in the target has all attributes that it should have. Without native access
   * they count as right.
   */
  boolean areRight(Path path, Entry entry, boolean owned) {
    if (calls.isEmpty()) {
      return true;
    }
    try {
      Attributes there = ExtendedAttributes.read(calls.get(), Spot.at(path));
      return missing(there, entry, owned).isEmpty() && surplus(there, entry).isEmpty();
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Writes and removes what differs, of something in the target that is held. */
  void adjust(Path descriptor, Entry entry, boolean owned) {
    if (calls.isEmpty()) {
      return;
    }
    Spot spot = Spot.behind(descriptor);
    try {
      Attributes there = ExtendedAttributes.read(calls.get(), spot);
      for (String key : surplus(there, entry)) {
        calls.get().removeAttribute(spot, ExtendedAttributes.name(key));
      }
      for (String key : missing(there, entry, owned)) {
        byte[] value = entry.attributes().find(key).orElseThrow();
        calls.get().setAttribute(spot, ExtendedAttributes.name(key), value);
      }
    } catch (IOException failure) {
      shortfalls.add(
          "extended attributes could not be set right: " + Failures.reason(failure), entry.path());
    }
  }

  /** What the entry has and should be there, but is not or differs. */
  private Set<String> missing(Attributes there, Entry entry, boolean owned) throws IOException {
    Set<String> missing = new HashSet<>();
    for (String key : entry.attributes().names()) {
      if (key.startsWith(ExtendedAttributes.PREFIX)
          && isAllowed(Use.of(ExtendedAttributes.name(key)), owned)) {
        byte[] value = entry.attributes().find(key).orElseThrow();
        if (!there.find(key).filter(found -> Arrays.equals(found, value)).isPresent()) {
          missing.add(key);
        }
      }
    }
    return missing;
  }

  /** What is there and should not be. */
  private Set<String> surplus(Attributes there, Entry entry) throws IOException {
    Set<String> surplus = new HashSet<>();
    if (exact && entry.posix().isPresent()) {
      for (String key : there.names()) {
        if (entry.attributes().find(key).isEmpty()
            && Use.of(ExtendedAttributes.name(key)).isDeliberate()) {
          surplus.add(key);
        }
      }
    }
    return surplus;
  }

  private boolean isAllowed(Use use, boolean owned) {
    return !use.isPrivileged() || (privileged && owned);
  }
}
