package dev.varve.source.files;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The directories of the target that are in use or were lately. Each is opened from the one above;
 * that is what keeps a restore inside the target. Safe for use by many threads.
 */
final class Folders implements Closeable {

  /** How many stay open unused; each has two descriptors. */
  private static final int MOST_IDLE = 100;

  /** How many do when descriptors are searched, where many would be slow. */
  private static final int FEW_IDLE = 8;

  private final Folder target;
  private int mostIdle = MOST_IDLE;
  private final Map<Place, Held> held = new LinkedHashMap<>(16, 0.75f, true);

  Folders(Folder target) {
    this.target = target;
  }

  /**
   * Lends the directory at {@code place}, until the loan is closed.
   *
   * @throws IOException if it, or one above, is not there or not a directory
   */
  synchronized Loan borrow(Place place) throws IOException {
    if (place.isTarget()) {
      return new Loan(target, () -> {});
    }
    Deque<Place> below = new ArrayDeque<>();
    Place at = place;
    while (!at.isTarget() && !held.containsKey(at)) {
      below.push(at);
      at = at.parent();
    }
    Loan loan = lend(at);
    while (!below.isEmpty()) {
      Place next = below.pop();
      try (Loan above = loan) {
        held.put(next, new Held(above.folder().enter(next.name())));
        loan = lend(next);
      }
    }
    return loan;
  }

  /** Forgets {@code place} and all below it, because they are about to be deleted or replaced. */
  synchronized void forget(Place place) throws IOException {
    byte[] prefix = place.order(true);
    Iterator<Map.Entry<Place, Held>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Place, Held> one = all.next();
      if (startsWith(one.getKey().order(true), prefix) && one.getValue().users == 0) {
        all.remove();
        one.getValue().folder.close();
      }
    }
  }

  /** Keeps few open from now on. */
  synchronized void keepFew() throws IOException {
    mostIdle = FEW_IDLE;
    closeIdle();
  }

  @Override
  public synchronized void close() throws IOException {
    for (Held one : held.values()) {
      one.folder.close();
    }
    held.clear();
    target.close();
  }

  private Loan lend(Place place) {
    if (place.isTarget()) {
      return new Loan(target, () -> {});
    }
    Held one = Objects.requireNonNull(held.get(place));
    one.users++;
    return new Loan(one.folder, () -> takeBack(one));
  }

  private synchronized void takeBack(Held returned) throws IOException {
    returned.users--;
    closeIdle();
  }

  private void closeIdle() throws IOException {
    Iterator<Held> oldest = held.values().iterator();
    while (held.size() > mostIdle && oldest.hasNext()) {
      Held one = oldest.next();
      if (one.users == 0) {
        oldest.remove();
        one.folder.close();
      }
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static final class Held {
    private final Folder folder;
    private int users;

    Held(Folder folder) {
      this.folder = folder;
    }
  }

  /** A directory that stays open until this is closed. Used by one thread. */
  record Loan(Folder folder, Closeable returned) implements Closeable {
    @Override
    public void close() throws IOException {
      returned.close();
    }
  }
}
