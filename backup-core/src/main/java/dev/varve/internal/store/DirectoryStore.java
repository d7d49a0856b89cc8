package dev.varve.internal.store;

import dev.varve.ConfigurationException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Items as files below a directory, each named by its key. Safe for use by many threads and, where
 * hard links work, by many processes and machines.
 *
 * <p>An item is written to a temporary file, forced, given its name by a hard link, and its
 * directory is forced; only then the temporary name is removed. So whoever meets an item with two
 * names knows that the power may still take it, and forces the directory before showing it. Times
 * are the files' modification times: set by the file system's machine, not by this one.
 *
 * <p>Directories are readable by their owner only (0700), so are files (0600). Names that are not
 * keys ({@code .tmp}, {@code lost+found}) are left alone.
 *
 * <p>Over NFS, directories must not be cached beyond their time ({@code actimeo=0} or {@code
 * noac}), else another machine's items show late. The threads that call must not be interrupted:
 * the JDK would close their channels and fail the call.
 */
public final class DirectoryStore implements Store {

  /** A page of this many costs less than a second and about a megabyte. */
  private static final int PAGE_ITEMS = 4096;

  private final Path root;
  private final int pageItems;
  private final Publishing publishing;
  private final Directories directories;
  private final TemporaryFiles temporaries;
  private volatile boolean closed;

  private DirectoryStore(Path root, Publishing publishing, int pageItems) {
    this.root = root;
    this.pageItems = pageItems;
    this.publishing = publishing;
    this.directories = new Directories(root);
    this.temporaries = new TemporaryFiles(root, directories);
  }

  /**
   * Opens the directory, which need not exist: it is made with the first item.
   *
   * @throws ConfigurationException if it is or lies below something that is no directory
   */
  public static DirectoryStore open(Path directory) throws IOException {
    return open(directory, PAGE_ITEMS);
  }

  /** Opens the directory; listings come in pages of so many. */
  static DirectoryStore open(Path directory, int pageItems) throws IOException {
    return new DirectoryStore(usable(directory), new LinkPublishing(), pageItems);
  }

  /**
   * Opens the directory for one process at a time, which the caller vouches for; needs no hard
   * links.
   *
   * @throws ConfigurationException if it is or lies below something that is no directory
   */
  public static DirectoryStore openExclusive(Path directory) throws IOException {
    Path root = usable(directory);
    return new DirectoryStore(root, new RenamePublishing(root), PAGE_ITEMS);
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    Store.requireKey(key);
    requireOpen();
    try {
      try {
        return createOnce(key, body);
      } catch (NoSuchFileException takenAway) {
        // Somebody removed an empty directory, or a temporary file that looked left over.
        directories.requireStillThere();
        directories.forget();
        return createOnce(key, body);
      }
    } catch (NoSuchFileException again) {
      throw new IOException(
          "Cannot create " + key + " in " + root + ": something removes files there", again);
    } catch (IOException failed) {
      throw DirectoryErrors.explain("create " + key, root, failed, body.length());
    }
  }

  private Stored createOnce(String key, Body body) throws IOException {
    Path item = root.resolve(key);
    directories.make(Directories.parent(item));
    if (FileState.find(item).isPresent()) {
      throw new FileAlreadyExistsException(item.toString());
    }
    Path temporary = temporaries.write(key, body);
    FileState state;
    try {
      state = FileState.of(temporary);
      publishing.publish(temporary, item);
    } catch (IOException | RuntimeException failed) {
      temporaries.discard(temporary, failed);
      throw failed;
    }
    directories.forceNameOf(item);
    publishing.forced(item, state);
    temporaries.published(temporary);
    temporaries.sweep(state.time());
    directories.seen();
    return new Stored(key, state.size(), state.time());
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Store.requireKey(key);
    requireOpen();
    Path item = root.resolve(key);
    try (FileChannel channel = FileChannel.open(item, StandardOpenOption.READ)) {
      long at = offset;
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new EOFException(
              item + " ends at " + channel.size() + ", " + into.remaining() + " bytes too early");
        }
        at += count;
      }
      FileState state = FileState.of(item);
      if (publishing.mayGetLost(item, state)) {
        directories.forceNameOf(item);
        publishing.forced(item, state);
      }
      directories.seen();
    } catch (NoSuchFileException missing) {
      directories.requireStillThere();
      throw missing;
    } catch (IOException failed) {
      if (Files.isDirectory(item)) {
        throw new NoSuchFileException(item.toString());
      }
      throw DirectoryErrors.explain("read " + key, root, failed);
    }
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    requireOpen();
    try {
      Page page =
          new DirectoryListing(root, prefix, startAfter, pageItems, publishing).page(directories);
      if (page.items().isEmpty()) {
        directories.requireStillThere();
      } else {
        directories.seen();
      }
      return page;
    } catch (IOException failed) {
      String what = prefix.isEmpty() ? "everything" : prefix;
      throw DirectoryErrors.explain("list " + what, root, failed);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Store.requireKey(key);
    requireOpen();
    try {
      Files.deleteIfExists(root.resolve(key));
    } catch (DirectoryNotEmptyException noItem) {
      return;
    } catch (IOException failed) {
      throw DirectoryErrors.explain("delete " + key, root, failed);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    publishing.close();
  }

  @Override
  public String toString() {
    return root.toString();
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("The store in " + root + " is closed");
    }
  }

  private static Path usable(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Optional<Path> nearest = Optional.of(absolute);
    while (nearest.isPresent() && !isUsable(directory, nearest.get())) {
      nearest = Optional.ofNullable(nearest.get().getParent());
    }
    return Files.isDirectory(absolute) ? absolute.toRealPath() : absolute;
  }

  /** Whether {@code existing} is a directory; false if it is not there or cannot be looked at. */
  private static boolean isUsable(Path directory, Path existing) {
    try {
      if (FileState.of(existing).directory()) {
        return true;
      }
    } catch (IOException unknown) {
      return false;
    }
    throw new ConfigurationException(
        "Cannot use "
            + directory
            + " as a store: "
            + existing
            + " is not a directory; name one, or a path where one can be made");
  }
}
