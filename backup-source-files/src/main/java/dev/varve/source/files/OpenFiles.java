package dev.varve.source.files;

import dev.varve.EntryPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

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
  synchronized Loan borrow(EntryPath path, Opener opener) throws IOException {
    Held one = held.get(path);
    if (one == null) {
      one = new Held(opener.open());
      held.put(path, one);
    }
    one.users++;
    Held lent = one;
    return new Loan(lent.file, () -> takeBack(lent));
  }

  /** Closes the file of {@code path}, which nobody uses any more. */
  synchronized void forget(EntryPath path) throws IOException {
    Held one = held.remove(path);
    if (one != null) {
      one.file.close();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (Held one : held.values()) {
      one.file.close();
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
        one.file.close();
      }
    }
  }

  private static final class Held {
    private final FileChannel file;
    private int users;

    Held(FileChannel file) {
      this.file = file;
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
