package dev.varve.examples.cli;

import dev.varve.EntryPath;

/** Reads an entry's path as people type it. Stateless. */
final class PathArgument {

  private PathArgument() {}

  /**
   * The path that {@code typed} means; escapes are as printed, and leading slashes do not count.
   */
  static EntryPath parse(String typed) {
    String path = typed.replaceFirst("^/+", "");
    if (path.isEmpty()) {
      throw new UsageException("A path of an entry is empty; leave it out to mean everything");
    }
    try {
      return EntryPath.parse(path);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage() + "; type paths as 'varve ls' prints them");
    }
  }
}
