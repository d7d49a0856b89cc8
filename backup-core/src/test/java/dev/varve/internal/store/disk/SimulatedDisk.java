package dev.varve.internal.store.disk;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A disk in memory that keeps apart what processes see and what a loss of power leaves: of all that
 * was not forced, any part. Used by one thread.
 */
public final class SimulatedDisk {

  /** Is asked before every operation; may throw to make it fail. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * An operation is about to be done.
     *
     * @param operation its name: write, force, link, ...
     * @param path what it is done to
     */
    void before(String operation, String path) throws IOException;
  }

  private final SimulatedFileSystem fileSystem = new SimulatedFileSystem(this);
  private final Inode root;
  private Watcher watcher = (operation, path) -> {};
  private boolean watching;
  private boolean powerless;
  private Optional<IOException> linkAnswer = Optional.empty();
  private boolean forcesDirectories = true;
  private long ticks;

  /** An empty disk. */
  public SimulatedDisk() {
    this(new Inode(true));
  }

  private SimulatedDisk(Inode root) {
    this.root = root;
  }

  /** A path on this disk. */
  public Path path(String absolute) {
    return fileSystem.getPath(absolute);
  }

  /** Sets who is asked; what it does on this disk itself is not asked about. */
  public void watch(Watcher another) {
    watcher = another;
  }

  /** Stops everything: all operations from now on throw {@link PowerLoss}. */
  public void losePower() {
    powerless = true;
  }

  /** Makes forcing a directory do nothing, as a lying disk does. */
  public void ignoreForcedDirectories() {
    forcesDirectories = false;
  }

  /** Makes every link be put there and then answered by this failure, as NFS can. */
  public void answerLinksWith(IOException failure) {
    linkAnswer = Optional.of(failure);
  }

  /** A disk with what may be left of this one, one possibility of many. */
  public SimulatedDisk afterPowerLoss(Random random) {
    return new SimulatedDisk(root.afterPowerLoss(random, Inode.nothingKnown()));
  }

  Inode find(Path path) throws IOException {
    Inode inode = root;
    for (Path name : path) {
      if (!inode.directory) {
        throw new FileSystemException(path.toString(), null, "Not a directory");
      }
      Inode next = inode.names().get(name.toString());
      if (next == null) {
        throw new NoSuchFileException(path.toString());
      }
      inode = next;
    }
    return inode;
  }

  Inode createFile(Path path) throws IOException {
    begin("create", path);
    Inode file = new Inode(false);
    file.modified(now());
    putNew(path, file);
    return file;
  }

  void createDirectory(Path path) throws IOException {
    begin("mkdir", path);
    putNew(path, new Inode(true));
  }

  void link(Path name, Path existing) throws IOException {
    begin("link", name);
    putNew(name, find(existing));
    if (linkAnswer.isPresent()) {
      throw linkAnswer.get();
    }
  }

  void delete(Path path) throws IOException {
    begin("delete", path);
    Inode inode = find(path);
    if (inode.directory && !inode.names().isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    directory(path).remove(name(path));
  }

  void rename(Path from, Path to) throws IOException {
    begin("rename", to);
    Inode inode = find(from);
    Inode target = directory(to);
    if (target.names().containsKey(name(to))) {
      target.remove(name(to));
    }
    target.put(name(to), inode);
    directory(from).remove(name(from));
  }

  void write(Path path, Inode file, int offset, byte[] bytes) throws IOException {
    begin("write", path);
    file.write(offset, bytes);
    file.modified(now());
  }

  void force(Path path, Inode inode) throws IOException {
    begin("force", path);
    if (forcesDirectories || !inode.directory) {
      inode.force();
    }
  }

  List<String> list(Path path) throws IOException {
    begin("list", path);
    Inode directory = find(path);
    if (!directory.directory) {
      throw new NotDirectoryException(path.toString());
    }
    return List.copyOf(directory.names().keySet());
  }

  Map<String, Object> attributes(Path path) throws IOException {
    begin("stat", path);
    Inode inode = find(path);
    return Map.of(
        "isDirectory",
        inode.directory,
        "size",
        (long) inode.bytes().length,
        "lastModifiedTime",
        FileTime.from(inode.modified()),
        "nlink",
        inode.links());
  }

  Inode open(Path path) throws IOException {
    begin("open", path);
    return find(path);
  }

  private void begin(String operation, Path path) throws IOException {
    if (powerless) {
      throw new PowerLoss();
    }
    if (!watching) {
      watching = true;
      try {
        watcher.before(operation, path.toString());
      } finally {
        watching = false;
      }
    }
    if (powerless) {
      throw new PowerLoss();
    }
  }

  private void putNew(Path path, Inode inode) throws IOException {
    Inode directory = directory(path);
    if (directory.names().containsKey(name(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    directory.put(name(path), inode);
  }

  private Inode directory(Path path) throws IOException {
    Optional<Path> parent = Optional.ofNullable(path.getParent());
    return parent.isPresent() ? find(parent.get()) : root;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private Instant now() {
    return Instant.ofEpochSecond(1_700_000_000L + ticks++);
  }
}
