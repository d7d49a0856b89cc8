package dev.varve.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the file system says of a file.
 *
 * @param directory whether it is a directory
 * @param size its length in bytes
 * @param time when its content was last written
 * @param links how many names it has; 1 where the file system does not tell
 */
record FileState(boolean directory, long size, Instant time, int links) {

  static FileState of(Path file) throws IOException {
    if (!isUnix(file)) {
      BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileState(
          basic.isDirectory(), basic.size(), basic.lastModifiedTime().toInstant(), 1);
    }
    Map<String, Object> unix =
        Files.readAttributes(file, "unix:isDirectory,size,lastModifiedTime,nlink");
    return new FileState(
        (Boolean) value(unix, "isDirectory"),
        (Long) value(unix, "size"),
        ((FileTime) value(unix, "lastModifiedTime")).toInstant(),
        (Integer) value(unix, "nlink"));
  }

  private static Object value(Map<String, Object> attributes, String name) {
    return Objects.requireNonNull(attributes.get(name), name);
  }

  /** The state of a file, if there is one; fails if that cannot be told. */
  static Optional<FileState> find(Path file) throws IOException {
    try {
      return Optional.of(of(file));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  /** Whether the file system counts links, and lets directories be forced. */
  static boolean isUnix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix");
  }
}
