package dev.varve.store.gcs;

import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageBatch;
import com.google.cloud.storage.StorageBatchResult;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends the requests for many items as parts of few. Safe for use by many threads. */
final class Batches {

  private final Storage client;
  private final Failures failures;

  Batches(Storage client, Failures failures) {
    this.client = client;
    this.failures = failures;
  }

  /** Adds what is to be done with one item. */
  interface Part {
    StorageBatchResult<?> add(StorageBatch batch, String key);
  }

  /** Sends what was added, as one request for every 100 parts. */
  interface Sending {
    void send(StorageBatch batch) throws IOException;
  }

  /** A server answers not a single part, and in a way that shows that it knows no batches. */
  static final class UnknownException extends IOException {
    private static final long serialVersionUID = 1;

    UnknownException(IOException cause) {
      super(cause);
    }
  }

  /**
   * Does something with each item; that there is none is fine.
   *
   * @param attempt what is tried
   * @return by key what failed, or may have
   */
  Map<String, IOException> run(String attempt, Collection<String> keys, Part part, Sending sending)
      throws UnknownException {
    Map<String, IOException> failed = new LinkedHashMap<>();
    if (keys.isEmpty()) {
      return failed;
    }
    StorageBatch batch = client.batch();
    Map<String, StorageBatchResult<?>> results = new LinkedHashMap<>();
    keys.forEach(key -> results.put(key, part.add(batch, key)));
    IOException lost = new IOException("The server's answer lacks it");
    try {
      sending.send(batch);
    } catch (IOException failure) {
      if (Failures.isUnknown(failure)
          && results.values().stream().noneMatch(StorageBatchResult::completed)) {
        throw new UnknownException(failure);
      }
      lost = failure;
    }
    for (Map.Entry<String, StorageBatchResult<?>> result : results.entrySet()) {
      String key = result.getKey();
      if (!result.getValue().completed()) {
        failed.put(key, lost);
        continue;
      }
      try {
        result.getValue().get();
      } catch (StorageException e) {
        if (e.getCode() != 404) {
          failed.put(key, failures.of(attempt, key, e));
        }
      }
    }
    return failed;
  }
}
