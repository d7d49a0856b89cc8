package dev.varve.repository;

import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A store that breaks its promises: items are gone, or listed and cannot be read, or not listed
 * though they can be read, or still there though deleted. Set up by one thread.
 */
final class UnreliableStore extends ForwardingStore {

  private final Set<String> lost = new HashSet<>();
  private final Set<String> ghosts = new HashSet<>();
  private final Set<String> unlisted = new HashSet<>();
  private final Map<String, byte[]> stale = new HashMap<>();

  UnreliableStore(Store store) {
    super(store);
  }

  /** Neither listed nor read. */
  void lose(String key) {
    lost.add(key);
  }

  /** Listed, not to be read. */
  void haunt(String key) {
    ghosts.add(key);
  }

  /** Read, not listed: a listing that lags. */
  void hide(String key) {
    unlisted.add(key);
  }

  /** Reads give these bytes, whatever is there: what a cache in between kept. */
  void serve(String key, byte[] bytes) {
    stale.put(key, bytes);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    if (lost.contains(key) || ghosts.contains(key)) {
      throw new NoSuchFileException(key);
    }
    byte[] old = stale.get(key);
    if (old == null) {
      super.read(key, offset, into);
    } else if (offset + into.remaining() > old.length) {
      throw new java.io.EOFException(key + " is shorter");
    } else {
      into.put(old, (int) offset, into.remaining());
    }
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    String after = startAfter;
    while (true) {
      Page page = super.list(prefix, after);
      List<Stored> shown =
          page.items().stream()
              .filter(item -> !lost.contains(item.key()) && !unlisted.contains(item.key()))
              .toList();
      if (!shown.isEmpty() || page.last()) {
        return new Page(shown, page.last());
      }
      after = page.items().get(page.items().size() - 1).key();
    }
  }

  @Override
  public String toString() {
    return "unreliable " + super.toString();
  }
}
