package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadCacheTest {

  private static final byte[] BYTES = new byte[10_000];

  @TempDir Path directory;

  private Path there() {
    return directory.resolve("read");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(there())) {
      return files.sorted().toList();
    }
  }

  private long bytes() throws IOException {
    long sum = 0;
    for (Path file : files()) {
      sum += Files.size(file);
    }
    return sum;
  }

  @Test
  void find_kept_isTheSameForOthersToo() {
    ReadCache.in(there(), 1 << 20).keep("log/0@1", BYTES);

    Optional<byte[]> found = ReadCache.in(there(), 1 << 20).find("log/0@1");

    assertArrayEquals(BYTES, found.orElseThrow());
    assertTrue(ReadCache.in(there(), 1 << 20).find("log/0@2").isEmpty());
  }

  @Test
  void find_neverKeptOrNone_isEmpty() {
    assertTrue(ReadCache.in(there(), 1 << 20).find("x").isEmpty());
    ReadCache.none().keep("x", BYTES);
    assertTrue(ReadCache.none().find("x").isEmpty());
  }

  @Test
  void find_anyByteChangedOrAnyLength_isEmptyAndForgotten() throws IOException {
    ReadCache cache = ReadCache.in(there(), 1 << 20);
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      cache.keep("x", Arrays.copyOf(BYTES, 300));
      Path file = files().get(0);
      byte[] whole = Files.readAllBytes(file);
      int at = random.nextInt(whole.length);
      if (i % 2 == 0) {
        whole[at] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, i % 2 == 0 ? whole : Arrays.copyOf(whole, at));

      assertTrue(cache.find("x").isEmpty());
      assertEquals(List.of(), files());
    }
  }

  @Test
  void find_fileOfAnotherName_isEmpty() throws IOException {
    ReadCache cache = ReadCache.in(there(), 1 << 20);
    cache.keep("x", BYTES);
    Path file = files().get(0);
    cache.keep("y", new byte[5]);
    for (Path other : files()) {
      if (!other.equals(file)) {
        Files.write(other, Files.readAllBytes(file));
      }
    }

    assertTrue(cache.find("y").isEmpty());
    assertTrue(cache.find("x").isPresent());
  }

  @Test
  void keep_moreThanAllowed_dropsWhatWasNotUsedForLongest() throws IOException {
    ReadCache cache = ReadCache.in(there(), 1 << 20);
    cache.keep("used", BYTES);
    cache.keep("unused", BYTES);
    for (Path file : files()) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(1000)));
    }
    for (int i = 0; i < 300; i++) {
      assertTrue(cache.find("used").isPresent(), "after " + i);
      cache.keep("n" + i, BYTES);
      assertTrue(bytes() <= (1 << 20) + (1 << 16) + 20_000, bytes() + " bytes after " + i);
    }
    assertTrue(cache.find("unused").isEmpty());
    assertTrue(bytes() > 1 << 19, "it keeps what it may");
  }

  @Test
  void keep_largerThanAll_isNotKept() {
    ReadCache cache = ReadCache.in(there(), 5000);
    cache.keep("x", BYTES);

    assertTrue(cache.find("x").isEmpty());
  }

  @Test
  void keep_impossible_isAsIfThereWereNoCache() throws IOException {
    Files.writeString(there(), "a file in the way");
    ReadCache cache = ReadCache.in(there(), 1 << 20);
    cache.keep("x", BYTES);
    cache.keep("y", BYTES);

    assertTrue(cache.find("x").isEmpty());
    cache.drop("x");
  }

  @Test
  void severalAtOnce_findWholeCopiesOrNone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int seed = t;
        all.add(threads.submit(() -> work(new Random(seed))));
      }
      for (Future<Integer> one : all) {
        assertTrue(one.get() > 0);
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(bytes() <= (200 << 10) + 4 * (20 << 10) + 20_000, bytes() + " bytes");
  }

  /** What another process does: it shares nothing but the directory. */
  private int work(Random random) {
    ReadCache cache = ReadCache.in(there(), 200 << 10);
    int found = 0;
    for (int i = 0; i < 500; i++) {
      int number = random.nextInt(30);
      byte[] expected = new byte[5000 + number];
      Arrays.fill(expected, (byte) number);
      Optional<byte[]> copy = cache.find("n" + number);
      if (copy.isPresent()) {
        assertArrayEquals(expected, copy.get());
        found++;
      } else {
        cache.keep("n" + number, expected);
      }
    }
    return found;
  }
}
