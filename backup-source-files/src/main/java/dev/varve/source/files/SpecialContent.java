package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.source.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What comes out of a pipe or a block device. Used by one thread, except for closing.
 *
 * <p>Opening a pipe waits for a writer, and the system has no way to break that off but a writer:
 * so closing is one for a moment.
 */
final class SpecialContent implements Content {

  private final Entry entry;
  private final Path path;
  private Optional<FileChannel> file = Optional.empty();
  private boolean opening;
  private boolean closed;

  SpecialContent(Entry entry, Path path) {
    this.entry = entry;
    this.path = path;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = opened().read(into);
    checkOpen();
    return count;
  }

  @Override
  public Entry finished() {
    return entry;
  }

  @Override
  public void close() throws IOException {
    Optional<FileChannel> opened;
    boolean waiting;
    synchronized (this) {
      closed = true;
      opened = file;
      waiting = opening;
    }
    if (opened.isPresent()) {
      opened.get().close();
    } else if (waiting) {
      endWaiting();
    }
  }

  private FileChannel opened() throws IOException {
    synchronized (this) {
      checkOpen();
      if (file.isPresent()) {
        return file.get();
      }
      opening = true;
    }
    Optional<FileChannel> opened = Optional.empty();
    try {
      opened =
          Optional.of(FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } finally {
      synchronized (this) {
        opening = false;
        file = opened;
        notifyAll();
      }
    }
    if (isClosed()) {
      opened.get().close();
    }
    checkOpen();
    return opened.get();
  }

  /** Is a writer until the reader is let through. */
  private void endWaiting() throws IOException {
    try (FileChannel both =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      boolean interrupted = false;
      synchronized (this) {
        while (opening && both.isOpen()) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void checkOpen() throws IOException {
    if (closed) {
      throw new IOException(entry.path() + " was closed while it was read");
    }
  }
}
