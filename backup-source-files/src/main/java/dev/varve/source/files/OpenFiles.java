package dev.varve.source.files;

import dev.varve.EntryPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files that pieces are written to or read from in any order; a bounded number of them stays open.
 * Safe for use by many threads.
 */
final class OpenFiles implements Closeable {

  private static final int MOST_IDLE = 128;

  private final Map<EntryPath, Held> held = new LinkedHashMap<>(16, 0.75f, true);

  /** Opens a file that is not open, or no longer. */
  interface Opener {
    FileChannel open() throws IOException;
  }

  /** Lends the file of {@code path}, opened by {@code opener} if need be, until it is closed. */
  Loan borrow(EntryPath path, Opener opener) throws IOException {
    Held lent;
    synchronized (this) {
      lent = held.computeIfAbsent(path, Held::new);
      lent.users++;
    }
    FileChannel file;
    try {
      file = lent.open(opener);
    } catch (IOException failure) {
      takeBack(lent);
      throw failure;
    }
    return new Loan(file, () -> takeBack(lent));
  }

  /** Closes the file of {@code path}, which nobody uses any more. */
  void forget(EntryPath path) throws IOException {
    Held one;
    synchronized (this) {
      one = held.remove(path);
    }
    if (one != null) {
      one.close();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (Held one : held.values()) {
      one.close();
    }
    held.clear();
  }

  private synchronized void takeBack(Held returned) throws IOException {
    returned.users--;
    Iterator<Held> oldest = held.values().iterator();
    while (held.size() > MOST_IDLE && oldest.hasNext()) {
      Held one = oldest.next();
      if (one.users == 0) {
        oldest.remove();
        one.close();
      }
    }
  }

  /** A file that is opened by the first who needs it, while others need not wait. */
  private static final class Held {

    private final EntryPath path;
    private Optional<FileChannel> file = Optional.empty();
    private int users;

    Held(EntryPath path) {
      this.path = path;
    }

    synchronized FileChannel open(Opener opener) throws IOException {
      if (file.isEmpty()) {
        file = Optional.of(opener.open());
      }
      return file.get();
    }

    synchronized void close() throws IOException {
      if (file.isPresent()) {
        file.get().close();
      }
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A file that stays open until this is closed. */
  record Loan(FileChannel file, Closeable returned) implements Closeable {
    @Override
    public void close() throws IOException {
      returned.close();
    }
  }
}
