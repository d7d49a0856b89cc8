package dev.varve.source.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/**
 * One directory of the target, held open: what is done with its children is done there, wherever
 * the directory is moved and whatever takes its name meanwhile. Links are never followed. May be
 * used by many threads.
 */
interface Folder extends Closeable {

  /** Opens the target directory, by a descriptor where the platform allows it. */
  @SuppressWarnings("StreamResourceLeak") // The folder closes it.
  static Folder open(Path directory, TargetSettings settings) throws IOException {
    if (settings.plain || !Descriptors.areShown()) {
      return new PlainFolder(directory);
    }
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    Optional<Folder> folder = Optional.empty();
    try {
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        folder =
            Optional.of(new SecureFolder(secure, directory, new Descriptors(settings.calls())));
      }
    } finally {
      if (folder.isEmpty()) {
        stream.close();
      }
    }
    return folder.orElseGet(() -> new PlainFolder(directory));
  }

  /** Opens a child that is a directory, and fails if it is anything else. */
  Folder enter(Path name) throws IOException;

  /** What a child is, if there is one. */
  Optional<BasicFileAttributes> look(Path name) throws IOException;

  /** Everything about a child, which must be there. */
  Stat stat(Path name) throws IOException;

  /** Everything about the directory itself. */
  Stat stat() throws IOException;

  /** What a child that is a symbolic link holds. */
  byte[] linkTarget(Path name) throws IOException;

  /** Holds on to a child that is there, where the platform can. */
  Optional<Pin> pin(Path name) throws IOException;

  /** The names of all children, in any order. */
  List<Path> names() throws IOException;

  /** Moves a child of another folder here, in one step; a file or link of that name is replaced. */
  void take(Folder from, Path fromName, Path name) throws IOException;

  /** Deletes a child that is not a directory. */
  void delete(Path name) throws IOException;

  /** Deletes a child that is an empty directory. */
  void deleteFolder(Path name) throws IOException;

  /** Opens a child that is a file for reading. */
  FileChannel read(Path name) throws IOException;

  /** Sets the modification time of the directory itself. */
  void setModified(FileTime time) throws IOException;

  /** Something equal for all names of this directory, if the platform has it. */
  Object key();

  /** A path that led here, for looking at what does no harm if it is something else by now. */
  Path path();

  /**
   * A path that leads to this very directory while it is held open, for calls that take paths.
   *
   * @throws IOException if there is no path that surely does
   */
  Path anchor() throws IOException;
}
