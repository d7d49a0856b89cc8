package dev.varve.internal.store;

import dev.varve.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the directories of a store on demand and sees to it that names in them survive a loss of
 * power. Safe for use by many threads.
 *
 * <p>A name is durable when its directory was forced after it was put there, and so on up to the
 * root and the root's own name. Where directories cannot be forced (Windows) the file system's
 * journal is trusted.
 */
final class Directories {

  private final Path root;

  /** Those whose own names, up to the root's, are known to be durable. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  private volatile boolean seen;

  Directories(Path root) {
    this.root = root;
  }

  /** Makes {@code directory}, which is the root or below, and what is missing above it. */
  void make(Path directory) throws IOException {
    if (durable.contains(directory)) {
      return;
    }
    if (directory.equals(root)) {
      makeRoot();
    } else {
      make(parent(directory));
      if (!isDirectory(directory)) {
        requireStillThere();
        create(directory);
      }
    }
    makeDurable(directory);
  }

  /** Makes the name of an item, which was seen, durable. */
  void forceNameOf(Path item) throws IOException {
    Path directory = parent(item);
    makeDurable(directory);
    force(directory);
  }

  /** Forces the names that were put into {@code directory} so far. */
  void force(Path directory) throws IOException {
    if (!FileState.isUnix(directory)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Forgets what is made, because something has taken a directory away. */
  void forget() {
    durable.clear();
  }

  /** Something was seen in the root: from now on it cannot be missing or empty. */
  void seen() {
    seen = true;
  }

  /**
   * Fails if the root held something and now is missing or empty: its disk was unmounted, say, and
   * items only seem to be missing.
   */
  void requireStillThere() throws IOException {
    if (!seen) {
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
      if (children.iterator().hasNext()) {
        return;
      }
    } catch (NoSuchFileException gone) {
      throw new IOException(root + " has gone; is its file system mounted?", gone);
    }
    throw new IOException(root + " is suddenly empty; is its file system mounted?");
  }

  private void makeDurable(Path directory) throws IOException {
    if (durable.contains(directory)) {
      return;
    }
    if (directory.equals(root)) {
      forceName(root);
    } else {
      makeDurable(parent(directory));
      force(parent(directory));
    }
    durable.add(directory);
  }

  /** Makes the name of the root, or of a directory above it, durable. */
  private void forceName(Path directory) throws IOException {
    Path above = directory.getParent();
    if (above == null) {
      return;
    }
    try {
      force(above);
    } catch (AccessDeniedException notOurs) {
      // What lies above belongs to somebody else, who made the directory for us long ago.
      return;
    }
  }

  private void makeRoot() throws IOException {
    requireStillThere();
    if (isDirectory(root)) {
      return;
    }
    makeAbove(root);
  }

  /**
   * Makes a directory and what is missing above it. The name of what lies above is durable before;
   * also if that is there: somebody else may have made it just now, and be about to force it.
   */
  private void makeAbove(Path directory) throws IOException {
    Path above = directory.getParent();
    if (above != null) {
      if (!isDirectory(above)) {
        makeAbove(above);
      }
      forceName(above);
    }
    create(directory);
  }

  private static void create(Path directory) throws IOException {
    if (isDirectory(directory)) {
      return;
    }
    try {
      createOnce(directory);
    } catch (NoSuchFileException e) {
      if (!isDirectory(parent(directory))) {
        throw e;
      }
      // Removed and made again by others, or a file system that makes no directories (/proc).
      createAgain(directory);
    } catch (FileAlreadyExistsException raced) {
      if (!isDirectory(directory)) {
        throw new IOException(directory + " was made and removed by others", raced);
      }
    }
  }

  private static void createAgain(Path directory) throws IOException {
    try {
      createOnce(directory);
    } catch (NoSuchFileException e) {
      throw new RefusedException(
          "Cannot make "
              + directory
              + ": the file system there makes no directories; choose another place",
          e);
    }
  }

  private static void createOnce(Path directory) throws IOException {
    Files.createDirectory(directory, readableByOwner(directory, "rwx------"));
  }

  /** Whether it is there; fails if a file is in its place, or if that cannot be told. */
  private static boolean isDirectory(Path directory) throws IOException {
    Optional<FileState> state = FileState.find(directory);
    if (state.isPresent() && !state.get().directory()) {
      throw new FileSystemException(
          directory.toString(), null, directory + " is a file where a directory is needed");
    }
    return state.isPresent();
  }

  /** The attribute that keeps others out, where the file system knows such. */
  static FileAttribute<?>[] readableByOwner(Path file, String mode) {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  /** The directory that {@code path} lies in. */
  static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no directory");
    }
    return parent;
  }
}
