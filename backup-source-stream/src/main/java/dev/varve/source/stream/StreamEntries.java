package dev.varve.source.stream;

import dev.varve.ConfigurationException;
import dev.varve.EntryPath;
import dev.varve.SourceIdentity;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is read under which name, and whose snapshots it makes. Immutable.
 *
 * @param kind the identity's kind
 * @param name the identity's name; empty: described by the entries
 * @param host the identity's host; empty: this machine's
 * @param parts what is read, by the path of its entry
 */
record StreamEntries<T>(String kind, String name, String host, SortedMap<EntryPath, T> parts) {

  static <T> StreamEntries<T> of(String kind, String entry, T part) {
    return new StreamEntries<T>(kind, "", "", new TreeMap<>()).and(entry, part);
  }

  /**
   * These and one more.
   *
   * @throws ConfigurationException if its name is none for a file, or there is one of that name
   */
  StreamEntries<T> and(String entry, T part) {
    EntryPath path = path(entry);
    for (EntryPath other : parts.keySet()) {
      if (path.isAtOrBelow(other) || other.isAtOrBelow(path)) {
        throw new ConfigurationException(
            "Two entries cannot be called " + other + " and " + path + "; give each its own name");
      }
    }
    TreeMap<EntryPath, T> more = new TreeMap<>(parts);
    more.put(path, part);
    return new StreamEntries<>(kind, name, host, Collections.unmodifiableSortedMap(more));
  }

  StreamEntries<T> named(String name) {
    return new StreamEntries<>(kind, identity(name, "host").name(), host, parts);
  }

  StreamEntries<T> host(String host) {
    return new StreamEntries<>(kind, name, identity("name", host).host(), parts);
  }

  SourceIdentity identity() {
    return identity(
        name.isEmpty() ? described() : name, host.isEmpty() ? SourceIdentity.thisHost() : host);
  }

  /** The entries' names. */
  String described() {
    return parts.keySet().stream().map(EntryPath::toString).collect(Collectors.joining(","));
  }

  /** The part of an entry that was shown. */
  T part(EntryPath path) {
    return Optional.ofNullable(parts.get(path)).orElseThrow();
  }

  private SourceIdentity identity(String name, String host) {
    try {
      return new SourceIdentity(kind, name, host);
    } catch (IllegalArgumentException unusable) {
      throw new ConfigurationException(
          unusable.getMessage() + "; give the source another name and host", unusable);
    }
  }

  private static EntryPath path(String entry) {
    String name = entry.replaceFirst("^/+", "");
    try {
      EntryPath path = EntryPath.of(name);
      if (!path.endsWithSlash()) {
        return path;
      }
    } catch (IllegalArgumentException unusable) {
      throw new ConfigurationException(
          "'" + entry + "' cannot be the name of an entry: " + unusable.getMessage(), unusable);
    }
    throw new ConfigurationException(
        "'" + entry + "' ends in a slash; name the entry like a file, e.g. dump.sql");
  }
}
