package dev.varve.internal.store;

import dev.varve.internal.store.StoreMeter.Outcome;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a meter of every call, each attempt of its own where calls are tried again outside. As safe
 * for use by many threads as the store.
 */
public final class MeteredStore implements Store {

  private final Store store;
  private final StoreMeter meter;

  /** Measures a store, which is closed with this. */
  public MeteredStore(Store store, StoreMeter meter) {
    this.store = store;
    this.meter = meter;
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T measured(String operation, long bytes, Call<T> call) throws IOException {
    long begin = System.nanoTime();
    Outcome outcome = Outcome.FAILED;
    try {
      T result = call.run();
      outcome = Outcome.DONE;
      return result;
    } catch (NoSuchFileException e) {
      outcome = Outcome.ABSENT;
      throw e;
    } catch (FileAlreadyExistsException e) {
      outcome = Outcome.EXISTS;
      throw e;
    } finally {
      long moved = outcome == Outcome.DONE ? bytes : 0;
      meter.ended(operation, outcome, System.nanoTime() - begin, moved);
    }
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    return measured("create", body.length(), () -> store.create(key, body));
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    measured(
        "read",
        into.remaining(),
        () -> {
          store.read(key, offset, into);
          return key;
        });
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    return measured("list", 0, () -> store.list(prefix, startAfter));
  }

  @Override
  public void delete(String key) throws IOException {
    measured(
        "delete",
        0,
        () -> {
          store.delete(key);
          return key;
        });
  }

  /** One call, whatever the number of items; failed if any of them did. */
  @Override
  public Map<String, IOException> deleteAll(Collection<String> keys) {
    long begin = System.nanoTime();
    Outcome outcome = Outcome.FAILED;
    try {
      Map<String, IOException> failures = store.deleteAll(keys);
      outcome = failures.isEmpty() ? Outcome.DONE : Outcome.FAILED;
      return failures;
    } finally {
      meter.ended("delete-all", outcome, System.nanoTime() - begin, 0);
    }
  }

  @Override
  public Optional<Duration> protection() {
    return store.protection();
  }

  @Override
  public void protect(String key) throws IOException {
    measured(
        "protect",
        0,
        () -> {
          store.protect(key);
          return key;
        });
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
