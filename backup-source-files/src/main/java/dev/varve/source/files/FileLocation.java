package dev.varve.source.files;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Reads locations of the scheme {@code file}: a path, {@code file:PATH} or {@code file:///PATH}.
 */
final class FileLocation {

  static final String SCHEME = "file";

  private FileLocation() {}

  /**
   * The path a location names.
   *
   * @throws ConfigurationException if it names another machine, or this JVM cannot name the path
   */
  static Path path(Location location) {
    String rest = location.rest();
    if (rest.startsWith("//") && !rest.startsWith("///")) {
      throw new ConfigurationException(
          "Location " + location + " names a machine; give a path, or file:///path");
    }
    return path(rest);
  }

  /** The path a user typed. */
  static Path path(String typed) {
    if (typed.isEmpty()) {
      throw new ConfigurationException("A path is empty; give the path of a file or directory");
    }
    try {
      return Path.of(typed);
    } catch (InvalidPathException unusable) {
      throw new ConfigurationException(
          "Path '"
              + typed
              + "' cannot be named: "
              + unusable.getReason()
              + "; where it is not plain ASCII, run with a UTF-8 locale such as LC_ALL=C.UTF-8",
          unusable);
    }
  }
}
