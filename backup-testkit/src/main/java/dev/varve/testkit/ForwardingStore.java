package dev.varve.testkit;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Leaves everything to another store; for tests that change one thing. As safe as that is. Many
 * items are deleted one by one, so that whoever changes {@link #delete} changes that too.
 */
public class ForwardingStore implements Store {

  private final Store store;

  /** Forwards to {@code store}, and closes it with itself. */
  public ForwardingStore(Store store) {
    this.store = store;
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    return store.create(key, body);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    store.read(key, offset, into);
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    return store.list(prefix, startAfter);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(key);
  }

  @Override
  public Optional<Duration> protection() {
    return store.protection();
  }

  @Override
  public void protect(String key) throws IOException {
    store.protect(key);
  }

  @Override
  public String toString() {
    return store.toString();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
