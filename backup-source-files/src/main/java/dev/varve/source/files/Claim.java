package dev.varve.source.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says by a locked file that a staging directory is in use, so that one left over by a process that
 * died can be told and removed. Used by one thread.
 *
 * <p>It is given up a moment before the directory is deleted. Who finds it then deletes the same.
 */
final class Claim implements Closeable {

  private static final Path LOCK = Path.of("lock");

  /**
   * The staging directories of this process. Their lock files must not even be opened here: closing
   * any descriptor of a file gives up all locks that the process has on it.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path name;
  private final FileChannel file;

  private Claim(Path name, FileChannel file) {
    this.name = name;
    this.file = file;
  }

  /**
   * Claims a staging directory that was just made.
   *
   * @param name its name in the target
   * @param path where it is
   */
  static Claim on(Path name, Path path) throws IOException {
    // The file gets its name when it is locked: unlocked, it would look left over.
    Path unlocked = path.resolve("lock-new");
    FileChannel file =
        FileChannel.open(unlocked, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    OWN.add(name);
    Claim claim = new Claim(name, file);
    try {
      if (locked(file, false)) {
        Files.move(unlocked, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
      }
      return claim;
    } catch (IOException failure) {
      claim.close();
      throw failure;
    }
  }

  /**
   * Removes the staging directories in a target whose processes have died.
   *
   * @return how many there were
   */
  static int removeLeftOver(Folder target) throws IOException {
    int removed = 0;
    for (Path name : target.names()) {
      if (name.toString().startsWith(Staging.PREFIX)
          && !OWN.contains(name)
          && isLeftOver(target, name)) {
        Purge.deleteTree(target, name);
        removed++;
      }
    }
    return removed;
  }

  private static boolean isLeftOver(Folder target, Path name) throws IOException {
    if (target.look(name).filter(BasicFileAttributes::isDirectory).isEmpty()) {
      return false;
    }
    try (Folder staging = target.enter(name)) {
      Optional<BasicFileAttributes> lock = staging.look(LOCK);
      if (lock.filter(BasicFileAttributes::isRegularFile).isEmpty()) {
        return false;
      }
      try (FileChannel file = staging.read(LOCK)) {
        return locked(file, true);
      }
    } catch (IOException notOurs) {
      return false; // It stays, and can be deleted by whoever may.
    }
  }

  /** Whether the file was free; not if its file system knows no locks. */
  private static boolean locked(FileChannel file, boolean shared) {
    try {
      FileLock lock = file.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null && lock.isValid();
    } catch (IOException | OverlappingFileLockException unknown) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    OWN.remove(name);
    file.close();
  }
}
