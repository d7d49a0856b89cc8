package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads stores whole, by one or many threads. Stateless. */
final class StoreReading {

  private StoreReading() {}

  static List<String> keys(Store store, String prefix) throws IOException {
    return all(store, prefix, "").stream().map(Stored::key).toList();
  }

  static List<Stored> all(Store store, String prefix, String startAfter) throws IOException {
    List<Stored> all = new ArrayList<>();
    Page page = store.list(prefix, startAfter);
    all.addAll(page.items());
    while (!page.last()) {
      page = store.list(prefix, all.get(all.size() - 1).key());
      all.addAll(page.items());
    }
    return all;
  }

  static byte[] read(Store store, String key, long offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    store.read(key, offset, into);
    assertEquals(0, into.remaining(), "short read of " + key);
    return into.array();
  }

  static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
