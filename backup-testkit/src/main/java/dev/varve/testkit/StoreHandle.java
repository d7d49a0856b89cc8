package dev.varve.testkit;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection to a store; refuses to work after being closed. Thread safe. */
final class StoreHandle implements Store {

  private final Store place;
  private final Closeable connection;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Closing this closes {@code connection} and runs {@code onClose}, once. */
  StoreHandle(Store place, Closeable connection, Runnable onClose) {
    this.place = place;
    this.connection = connection;
    this.onClose = onClose;
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    return open().create(key, body);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    open().read(key, offset, into);
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    return open().list(prefix, startAfter);
  }

  @Override
  public void delete(String key) throws IOException {
    open().delete(key);
  }

  @Override
  public Map<String, IOException> deleteAll(Collection<String> keys) {
    return closed.get() ? Store.super.deleteAll(keys) : place.deleteAll(keys);
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
      connection.close();
    }
  }

  @Override
  public String toString() {
    return place.toString();
  }

  private Store open() throws IOException {
    if (closed.get()) {
      throw new IOException("The " + place + " is closed");
    }
    return place;
  }
}
