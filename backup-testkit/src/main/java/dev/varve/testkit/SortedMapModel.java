package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Makes random calls of a store and of a sorted map, and compares what comes of them. Used by one
 * thread.
 */
final class SortedMapModel {

  private final long seed;
  private final SplittableRandom random;
  private final TreeMap<String, byte[]> model = new TreeMap<>();

  SortedMapModel(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** One call of one of several handles on a place that is used by nobody else. */
  void call(List<Store> handles) throws IOException {
    Store one = handles.get(random.nextInt(handles.size()));
    String key = randomKey();
    switch (random.nextInt(6)) {
      case 0, 1 -> create(one, key);
      case 2 -> {
        model.remove(key);
        one.delete(key);
      }
      case 3 -> read(one, key);
      case 4 -> {
        Set<String> keys = Set.of(key, key + "-");
        keys.forEach(model::remove);
        assertEquals(Map.of(), one.deleteAll(keys));
      }
      default -> list(one, key);
    }
  }

  /** Fails unless the store holds what the map holds. */
  void requireSame(Store store) throws IOException {
    assertEquals(new ArrayList<>(model.keySet()), StoreReading.keys(store, ""), "seed " + seed);
  }

  private void create(Store store, String key) throws IOException {
    byte[] bytes = StoreReading.random(16 + random.nextInt(3000));
    if (model.putIfAbsent(key, bytes) == null) {
      assertEquals(bytes.length, store.create(key, Body.of(bytes)).size());
    } else {
      assertThrows(FileAlreadyExistsException.class, () -> store.create(key, Body.of(bytes)));
    }
  }

  private void read(Store store, String key) throws IOException {
    byte[] bytes = model.getOrDefault(key, new byte[0]);
    if (model.containsKey(key)) {
      int offset = random.nextInt(bytes.length + 1);
      int length = random.nextInt(bytes.length - offset + 1);
      byte[] expected = Arrays.copyOfRange(bytes, offset, offset + length);
      assertArrayEquals(expected, StoreReading.read(store, key, offset, length), "seed " + seed);
    } else {
      assertThrows(NoSuchFileException.class, () -> StoreReading.read(store, key, 0, 1));
    }
  }

  private void list(Store store, String key) throws IOException {
    String prefix = key.substring(0, random.nextInt(key.length() + 1));
    String after = random.nextBoolean() ? "" : randomKey();
    List<String> expected =
        model.tailMap(after, false).keySet().stream().filter(k -> k.startsWith(prefix)).toList();
    List<String> listed = StoreReading.all(store, prefix, after).stream().map(Stored::key).toList();
    assertEquals(expected, listed, "list(" + prefix + ", " + after + "), seed " + seed);
  }

  /** Few different ones, none a directory of another, whose order depends on the slash. */
  private String randomKey() {
    String[] directories = {"", "a/", "a-/", "a./", "a0/", "b/a/", "b/a-/", "b/a0/", "b/-/"};
    String name = "x" + ".-0_".charAt(random.nextInt(4)) + "xy".charAt(random.nextInt(2));
    return directories[random.nextInt(directories.length)] + name;
  }
}
