package dev.varve.internal.store;

import dev.varve.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes by looking whether the name exists and renaming, for file systems without hard links.
 * Safe for use by many threads of one store, not by several stores: whoever chose this promised
 * that nobody else uses the place, and a locked file holds them to it where locks work.
 */
final class RenamePublishing implements Publishing {

  private final Path root;
  private final Set<Path> forcedDirectories = new HashSet<>();
  private final Set<Path> unforcedItems = new HashSet<>();
  private Optional<FileChannel> lock = Optional.empty();

  RenamePublishing(Path root) {
    this.root = root;
  }

  @Override
  public synchronized void publish(Path temporary, Path item) throws IOException {
    if (lock.isEmpty()) {
      lock = Optional.of(lock());
    }
    if (FileState.find(item).isPresent()) {
      throw new FileAlreadyExistsException(item.toString());
    }
    unforcedItems.add(item);
    Files.move(temporary, item, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized void forced(Path item, FileState state) {
    unforcedItems.remove(item);
    forcedDirectories.add(Directories.parent(item));
  }

  /** Those left by a process that died are made durable by the first look into a directory. */
  @Override
  public synchronized boolean mayGetLost(Path item, FileState state) {
    return unforcedItems.contains(item) || !forcedDirectories.contains(Directories.parent(item));
  }

  @Override
  public synchronized void close() throws IOException {
    if (lock.isPresent()) {
      lock.get().close();
    }
  }

  private FileChannel lock() throws IOException {
    Path file = root.resolve(".exclusive");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            Directories.readableByOwner(file, "rw-------"));
    try {
      Optional<FileLock> mine = Optional.ofNullable(channel.tryLock());
      if (mine.isPresent()) {
        return channel;
      }
    } catch (OverlappingFileLockException here) {
      channel.close();
      throw inUse();
    } catch (IOException noLocks) {
      // A file system without locks: the promise has to do.
      return channel;
    }
    channel.close();
    throw inUse();
  }

  private RefusedException inUse() {
    return new RefusedException(
        "Another process, or another part of this one, writes to "
            + root
            + ", which was opened with exclusive=true; wait until it is done");
  }
}
