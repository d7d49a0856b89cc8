package dev.varve.repository;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Copies what one store holds to another, item by item. */
final class StoreCopies {

  private StoreCopies() {}

  /** What a store holds, in memory. */
  static MemoryStore inMemory(Store store) {
    MemoryStore copy = new MemoryStore();
    String after = "";
    try {
      while (true) {
        Page page = store.list("", after);
        for (Stored item : page.items()) {
          ByteBuffer bytes = ByteBuffer.allocate((int) item.size());
          store.read(item.key(), 0, bytes);
          copy.put(item.key(), bytes.array());
          after = item.key();
        }
        if (page.last()) {
          return copy;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stores what is in memory. */
  static void store(MemoryStore place, Store into) throws IOException {
    for (String key : place.keys()) {
      into.create(key, Body.of(place.bytes(key)));
    }
  }
}
