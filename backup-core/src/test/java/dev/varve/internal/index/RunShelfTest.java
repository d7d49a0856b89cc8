package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.RunName;
import dev.varve.testkit.StoreCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunShelfTest {

  @TempDir Path directory;

  private final Random random = new Random(21);
  private final Place place = new Place();
  private final Claims claims = Claims.random(random, 50, 25_000);
  private SealedRun stored;

  @BeforeEach
  void storeARun() throws IOException {
    stored = place.store(claims, random);
    assertTrue(stored.body().length() > RunShelf.SHORT_BYTES);
  }

  @Test
  void open_secondTime_readsNothingFromTheStore() throws IOException {
    assertSaysAll(open(RunCache.in(directory)));
    assertArrayEquals(place.store.bytes(stored.name().key()), Files.readAllBytes(cached()));
    long reads = place.store.calls(StoreCall.READ);
    assertSaysAll(open(RunCache.in(directory)));
    assertEquals(reads, place.store.calls(StoreCall.READ));
  }

  @Test
  void adopt_runJustStored_readsNothingFromTheStore() throws IOException {
    assertSaysAll(place.shelf(RunCache.in(directory)).adopt(stored));
    assertSaysAll(open(RunCache.in(directory)));
    assertEquals(0, place.store.calls(StoreCall.READ));
  }

  @Test
  void open_cachedCopyCut_isFetchedAnew() throws IOException {
    assertSaysAll(open(RunCache.in(directory)));
    byte[] bytes = place.store.bytes(stored.name().key());
    for (int length : new int[] {0, 5, bytes.length - 1}) {
      Files.write(cached(), Arrays.copyOf(bytes, length));
      assertSaysAll(open(RunCache.in(directory)));
      assertArrayEquals(bytes, Files.readAllBytes(cached()));
    }
  }

  @Test
  void lookups_cachedCopyDamaged_readTheStoreAndForgetTheCopy() throws IOException {
    open(RunCache.in(directory));
    for (int position = 0; position < stored.body().length(); position += 140_000) {
      byte[] damaged = place.store.bytes(stored.name().key());
      damaged[position] ^= 4;
      damaged[damaged.length - 20] ^= (byte) (position % 3 == 0 ? 1 : 0);
      Files.write(cached(), damaged);
      assertSaysAll(open(RunCache.in(directory)));
      assertTrue(
          Files.notExists(cached())
              || Arrays.equals(
                  place.store.bytes(stored.name().key()), Files.readAllBytes(cached())));
    }
  }

  @Test
  void lookups_cachedCopyOfAnotherRun_readTheStore() throws IOException {
    SealedRun other = place.store(Claims.random(random, 50, 25_000), random);
    open(RunCache.in(directory));
    Files.write(cached(), place.store.bytes(other.name().key()));
    assertSaysAll(open(RunCache.in(directory)));
  }

  @Test
  void lookups_cacheDeletedMeanwhile_goOn() throws IOException {
    Run run = open(RunCache.in(directory));
    Files.delete(cached());
    assertSaysAll(run);
  }

  @Test
  void lookups_cachedCopyCutWhileOpen_readTheStore() throws IOException {
    RunShelf forgetful =
        new RunShelf(place.store, place.seal, RunCache.in(directory), new IndexMemory(0, 0, 0));
    Run run = forgetful.open(stored.name());
    assertSaysAll(run);
    Files.newByteChannel(cached(), StandardOpenOption.WRITE).truncate(4096).close();
    assertSaysAll(run);
  }

  @Test
  void open_withoutCache_leavesNoFile() throws IOException {
    Run run = open(RunCache.temporary(directory));
    assertEquals(List.of(), files());
    assertSaysAll(run);
    assertEquals(2, place.store.calls(StoreCall.READ));
  }

  @Test
  void open_shortRunWithoutCache_isHeldInMemory() throws IOException {
    SealedRun small = place.store(Claims.random(random, 2, 200), random);
    RunShelf shelf = place.shelf(RunCache.temporary(directory.resolve("none")));
    Run run = shelf.open(small.name(), small.body().length());
    assertEquals(200, run.chunks());
    assertTrue(Files.notExists(directory.resolve("none")));
  }

  @Test
  void open_cacheDirectoryCannotBeMade_readsPagesFromTheStore() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    assertSaysAll(open(RunCache.in(file.resolve("cache"))));
    assertSaysAll(open(RunCache.temporary(file.resolve("cache"))));
    SealedRun small = place.store(Claims.random(random, 2, 200), random);
    RunShelf shelf = place.shelf(RunCache.in(file.resolve("cache")));
    assertEquals(200, shelf.open(small.name()).chunks());
  }

  @Test
  void open_missingRun_saysSo() {
    RunName missing = RunName.random();
    assertThrows(NoSuchFileException.class, () -> place.shelf().open(missing));
    assertThrows(NoSuchFileException.class, () -> place.shelf().open(missing, 6 + 4096));
  }

  @Test
  void retain_keepsLiveRunsAndFilesUnderWay() throws IOException {
    RunCache cache = RunCache.in(directory);
    SealedRun dead = place.store(Claims.random(random, 1, 1), random);
    RunShelf shelf = place.shelf(cache);
    shelf.open(dead.name());
    shelf.open(stored.name());
    Path underWay = Files.createFile(directory.resolve("a.tmp"));
    Path crashed = Files.createFile(directory.resolve("b.tmp"));
    Path foreign = Files.createFile(directory.resolve("readme"));
    Files.setLastModifiedTime(crashed, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    cache.retain(Set.of(stored.name()));
    assertEquals(Set.of(underWay, foreign, cached()), Set.copyOf(files()));
  }

  private Run open(RunCache cache) throws IOException {
    return place.shelf(cache).open(stored.name(), stored.body().length());
  }

  private Path cached() {
    return directory.resolve(stored.name().hex());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private void assertSaysAll(Run run) throws IOException {
    for (var claim : claims.chunks.entrySet()) {
      assertTrue(run.anyCopy(claim.getKey(), claim.getValue()::contains));
    }
    for (PackEntry entry : claims.packs.values()) {
      assertTrue(Claims.same(entry, run.packs(entry.name()).get(0)));
    }
  }
}
