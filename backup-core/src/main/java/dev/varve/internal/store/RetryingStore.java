package dev.varve.internal.store;

import dev.varve.ThrottledException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one place where calls to a store are tried again. As safe for use by many threads as the
 * store and the pause are.
 *
 * <p>A create that failed may have been applied all the same. If a later attempt then finds an item
 * with exactly the body's bytes, it is taken for this one's: bodies are sealed with random nonces,
 * nobody else writes the same. A first attempt that is refused is refused, whatever is there.
 */
public final class RetryingStore implements Store {

  private static final int COMPARED_BYTES = 1024 * 1024;

  private final Store store;
  private final RetryPolicy policy;
  private final Pause pause;

  /** Tries calls to {@code store} again, and closes it with itself. */
  public RetryingStore(Store store, RetryPolicy policy, Pause pause) {
    this.store = store;
    this.policy = policy;
    this.pause = pause;
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    Attempts attempts = attempts("create " + key);
    boolean mayBeThere = false;
    while (true) {
      try {
        return store.create(key, body);
      } catch (FileAlreadyExistsException exists) {
        if (!mayBeThere) {
          throw exists;
        }
        Optional<Stored> there = find(key);
        if (there.isPresent()) {
          if (there.get().size() == body.length() && holds(key, body)) {
            return there.get();
          }
          throw exists;
        }
        attempts.failed(new IOException(key + " was deleted while it was being created", exists));
      } catch (IOException failure) {
        attempts.failed(failure);
        mayBeThere = true;
      }
    }
  }

  /**
   * Whether the store creates an item that is there already, found out with the very bytes it has;
   * such a store cannot be shared. Unlike {@link #create} this takes no earlier attempt of its own
   * for a success.
   */
  public boolean createsTwice(String key, Body asItIs) throws IOException {
    Attempts attempts = attempts("create " + key + " again");
    while (true) {
      try {
        store.create(key, asItIs);
        return true;
      } catch (FileAlreadyExistsException asItShould) {
        return false;
      } catch (IOException failure) {
        attempts.failed(failure);
      }
    }
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Attempts attempts = attempts("read " + key);
    int start = into.position();
    while (true) {
      try {
        store.read(key, offset, into);
        return;
      } catch (IOException failure) {
        attempts.failed(failure);
        into.position(start);
      }
    }
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    Attempts attempts = attempts(prefix.isEmpty() ? "list everything" : "list " + prefix);
    while (true) {
      try {
        return store.list(prefix, startAfter);
      } catch (IOException failure) {
        attempts.failed(failure);
      }
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Attempts attempts = attempts("delete " + key);
    while (true) {
      try {
        store.delete(key);
        return;
      } catch (IOException failure) {
        attempts.failed(failure);
      }
    }
  }

  /** Tries again for those keys alone that failed in a way that may pass. */
  @Override
  public Map<String, IOException> deleteAll(Collection<String> keys) {
    Attempts attempts = attempts("delete " + keys.size() + " items");
    Map<String, IOException> failures = new LinkedHashMap<>();
    Collection<String> left = keys;
    while (!left.isEmpty()) {
      Map<String, IOException> passing = new LinkedHashMap<>(store.deleteAll(left));
      passing.forEach(
          (key, failure) -> {
            if (Attempts.isRefusal(failure)) {
              failures.put(key, failure);
            }
          });
      passing.keySet().removeAll(failures.keySet());
      left = List.copyOf(passing.keySet());
      if (!left.isEmpty()) {
        try {
          attempts.failed(slowest(passing.values()));
        } catch (IOException gaveUp) {
          left.forEach(key -> failures.put(key, gaveUp));
          left = List.of();
        }
      }
    }
    return failures;
  }

  /** The one of these to wait for. */
  private static IOException slowest(Collection<IOException> failures) {
    return failures.stream()
        .filter(ThrottledException.class::isInstance)
        .map(ThrottledException.class::cast)
        .max(Comparator.comparing(ThrottledException::pause))
        .map(IOException.class::cast)
        .orElseGet(() -> failures.iterator().next());
  }

  @Override
  public Optional<Duration> protection() {
    return store.protection();
  }

  @Override
  public void protect(String key) throws IOException {
    Attempts attempts = attempts("keep " + key + " from being deleted");
    while (true) {
      try {
        store.protect(key);
        return;
      } catch (IOException failure) {
        attempts.failed(failure);
      }
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }

  private Attempts attempts(String what) {
    return new Attempts(what + " in " + store, policy, pause);
  }

  private Optional<Stored> find(String key) throws IOException {
    return list(key, "").items().stream().filter(item -> item.key().equals(key)).findFirst();
  }

  private boolean holds(String key, Body body) throws IOException {
    try (InputStream in = body.open()) {
      long offset = 0;
      byte[] expected = in.readNBytes(COMPARED_BYTES);
      while (expected.length > 0) {
        ByteBuffer there = ByteBuffer.allocate(expected.length);
        read(key, offset, there);
        if (!Arrays.equals(expected, there.array())) {
          return false;
        }
        offset += expected.length;
        expected = in.readNBytes(COMPARED_BYTES);
      }
      return true;
    } catch (NoSuchFileException deleted) {
      return false;
    }
  }
}
