package dev.varve.source.files;

import dev.varve.EntryKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * One root of a run, which was there when the run began.
 *
 * @param path absolute, without steps {@code .} and {@code ..}
 * @param directory whether it is a directory, or a link to one
 */
record Root(Path path, boolean directory) {

  /**
   * The roots in the order of their entries, each once.
   *
   * @throws IOException if one of them cannot be read, saying which
   */
  static List<Root> all(Collection<Path> given) throws IOException {
    TreeMap<byte[], Root> roots = new TreeMap<>(Arrays::compareUnsigned);
    for (Path path : given) {
      Root root = of(path);
      roots.put(root.entryBytes(), root);
    }
    return List.copyOf(roots.values());
  }

  /** Whether {@code other} lies below this. */
  boolean isAbove(Root other) {
    return directory && !other.path.equals(path) && other.path.startsWith(path);
  }

  private static Root of(Path given) throws IOException {
    Path path = given.toAbsolutePath().normalize();
    try {
      if (!path.equals(given.toAbsolutePath()) && !Files.isSameFile(path, given)) {
        throw new FileSystemException(
            given.toString(), null, "a step before '..' is a symbolic link; name the real path");
      }
      boolean directory = stat(path).kind() == EntryKind.DIRECTORY;
      if (directory) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
          Iterator<Path> unused = children.iterator();
        }
      }
      return new Root(path, directory);
    } catch (NoSuchFileException missing) {
      throw new NoSuchFileException(
          path.toString(), null, "does not exist; nothing was read; check the path");
    } catch (AccessDeniedException denied) {
      throw new AccessDeniedException(
          path.toString(), null, "may not be read; run as a user who may, or leave it out");
    }
  }

  /** Looks at a root: a link to a directory counts as the directory. */
  static Stat stat(Path path) throws IOException {
    return Files.isDirectory(path) ? Stat.of(path.toRealPath()) : Stat.of(path);
  }

  /** The bytes of its entry's path; none for the root of all, which has no entry. */
  byte[] entryBytes() {
    byte[] steps = RawNames.withoutRoot(path);
    if (!directory || steps.length == 0) {
      return steps;
    }
    byte[] bytes = Arrays.copyOf(steps, steps.length + 1);
    bytes[steps.length] = '/';
    return bytes;
  }
}
