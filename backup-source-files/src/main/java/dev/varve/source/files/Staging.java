package dev.varve.source.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A private directory in the target where things are made complete before they get their names. It
 * is reached by its descriptor, and nobody else may enter it, so what is done there needs no
 * further care. Safe for use by many threads.
 */
final class Staging implements Closeable {

  /** What the names of all staging directories begin with. */
  static final String PREFIX = ".varve-restore-";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Folder parent;
  private final Path name;
  private final Folder folder;
  private final Path path;
  private final Optional<SystemCalls> calls;
  private final Optional<Claim> claim;
  private final AtomicLong made = new AtomicLong();

  private Staging(
      Folder parent,
      Path name,
      Folder folder,
      Path path,
      Optional<SystemCalls> calls,
      Optional<Claim> claim) {
    this.calls = calls;
    this.claim = claim;
    this.parent = parent;
    this.name = name;
    this.folder = folder;
    this.path = path;
  }

  /** Makes the first staging directory in {@code target}, whose path is {@code targetPath}. */
  static Staging begin(Folder target, Path targetPath, Optional<SystemCalls> calls)
      throws IOException {
    return begin(target, targetPath, true, calls);
  }

  /** Makes another staging directory, in a directory that lies on another file system. */
  Staging in(Folder directory) throws IOException {
    return begin(directory, directory.anchor(), false, calls);
  }

  private static Staging begin(
      Folder parent, Path parentPath, boolean first, Optional<SystemCalls> calls)
      throws IOException {
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    Path name = Path.of(PREFIX + HexFormat.of().formatHex(random));
    Files.createDirectory(parentPath.resolve(name), ownerOnly(parentPath));
    if (parentPath.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      // A directory with set-gid would hand it, and its group, down to what is made here.
      Files.setAttribute(parentPath.resolve(name), "unix:mode", 0700, LinkOption.NOFOLLOW_LINKS);
    }
    Folder folder = parent.enter(name);
    Path path = first && folder instanceof SecureFolder secure ? secure.learn() : folder.anchor();
    if (calls.isPresent()) {
      forgetAccessLists(calls.get(), path);
    }
    Optional<Claim> claim = first ? Optional.of(Claim.on(name, path)) : Optional.empty();
    return new Staging(parent, name, folder, path, calls, claim);
  }

  /** A target with a default access control list would hand it down to all that is made here. */
  private static void forgetAccessLists(SystemCalls calls, Path path) throws IOException {
    Spot self = Spot.at(path.resolve("."));
    for (String name : List.of("system.posix_acl_default", "system.posix_acl_access")) {
      try {
        calls.removeAttribute(self, name.getBytes(StandardCharsets.US_ASCII));
      } catch (FileSystemException withoutThem) {
        return;
      }
    }
  }

  /** The name of the directory in the target. */
  Path name() {
    return name;
  }

  Folder folder() {
    return folder;
  }

  /** The path of the directory. */
  Path path() {
    return path;
  }

  /** A name that was not used before. */
  Path next() {
    return Path.of("n" + made.incrementAndGet());
  }

  /** What the file system says of a file that was just made here. */
  Stat ofNewFile() throws IOException {
    Path probe = path.resolve(next());
    FileChannel.open(probe, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).close();
    Stat stat = Stat.of(probe);
    Files.delete(probe);
    return stat;
  }

  /** Deletes the directory and what was left there. */
  @Override
  public void close() throws IOException {
    try (folder) {
      if (claim.isPresent()) {
        // First, because on NFS a file that is open keeps its directory from being deleted.
        claim.get().close();
      }
      for (Path left : folder.names()) {
        if (folder.look(left).filter(BasicFileAttributes::isDirectory).isPresent()) {
          folder.deleteFolder(left);
        } else {
          folder.delete(left);
        }
      }
    }
    parent.deleteFolder(name);
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
