package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.Entry;
import dev.varve.Snapshot;
import dev.varve.UnlockException;
import dev.varve.key.KeyFile;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of log and catalogs on this machine: they save requests and are believed by nobody. */
class LocalCopiesTest {

  private static final int SNAPSHOTS = 30;

  @TempDir Path directory;

  private final MemoryStore place = new MemoryStore();
  private final KeyFile key = KeyFile.generate();
  private final MemorySource source = new MemorySource();

  @BeforeEach
  void makeRepository() {
    for (int i = 0; i < 3000; i++) {
      source.file(String.format("directory/file-%04d", i), "text " + i);
    }
    try (Repository repository = Repository.create(place.handle(), key, uncached())) {
      for (int i = 0; i < SNAPSHOTS; i++) {
        repository.backup(source);
      }
    }
  }

  private static RepositoryOptions uncached() {
    return RepositoryOptions.builder().withoutCache().withoutState().build();
  }

  private RepositoryOptions cached() {
    return RepositoryOptions.builder().cacheDirectory(directory).withoutState().build();
  }

  private Repository open(Store store, RepositoryOptions options) {
    return Repository.open(store, key, options);
  }

  /** Counts what is read and listed. */
  private static final class Counting extends ForwardingStore {

    private final List<String> read = new ArrayList<>();
    private final List<String> listed = Collections.synchronizedList(new ArrayList<>());

    Counting(Store store) {
      super(store);
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      synchronized (read) {
        read.add(key);
      }
      super.read(key, offset, into);
    }

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      listed.add(prefix);
      return super.list(prefix, startAfter);
    }

    synchronized long of(String prefix) {
      return read.stream().filter(key -> key.startsWith(prefix)).count();
    }
  }

  private Counting browse(RepositoryOptions options) {
    Counting store = new Counting(place.handle());
    try (Repository repository = open(store, options)) {
      List<Snapshot> all = repository.snapshots().stream().toList();
      assertEquals(SNAPSHOTS, all.size());
      try (Stream<Entry> entries = repository.entries(all.get(SNAPSHOTS - 1))) {
        assertEquals(3000, entries.count());
      }
    }
    return store;
  }

  @Test
  void open_theSecondTime_readsOnlyTheLastSlotAndNoCatalog() {
    Counting first = browse(cached());
    Counting second = browse(cached());

    assertTrue(first.of("log/") > SNAPSHOTS, "every slot is read once");
    assertTrue(first.of("packs/") > 0);
    assertEquals(1, second.of("log/"));
    assertEquals(0, second.of("packs/"));
  }

  @Test
  void open_theSecondTime_knowsItsKeySlot() {
    Counting first = browse(cached());
    Counting second = browse(cached());

    assertEquals(1, Collections.frequency(first.listed, "keys/"));
    assertEquals(0, Collections.frequency(second.listed, "keys/"));
    assertEquals(1, second.of("keys/"));
    assertEquals(0, Collections.frequency(second.listed, "config"), "its length is known");
    assertEquals(1, second.of("config"));
  }

  @Test
  void open_theKeySlotThatIsRemembered_wasRemoved_findsTheOther() throws IOException {
    KeyFile other = KeyFile.generate();
    try (Repository repository = open(place.handle(), cached())) {
      String first = repository.keys().list().get(0).id();
      repository.keys().add("another", other);
      Repository.open(place.handle(), other, cached()).close();
      Repository.open(place.handle(), key, cached()).close();
      place.delete("keys/" + first);
    }

    assertThrows(
        UnlockException.class, () -> Repository.open(place.handle(), key, cached()).close());
    try (Repository repository = Repository.open(place.handle(), other, cached())) {
      assertEquals(SNAPSHOTS, repository.snapshots().stream().count());
    }
  }

  @Test
  void open_noBytesAllowed_keepsNothing() {
    RepositoryOptions none =
        RepositoryOptions.builder().cacheDirectory(directory).cacheBytes(0).build();
    browse(none);

    assertEquals(SNAPSHOTS + 1, browse(none).of("log/"));
  }

  @Test
  void open_copiesDamagedOnDisk_areReadAgain() throws IOException {
    browse(cached());
    for (Path file : copies()) {
      byte[] whole = Files.readAllBytes(file);
      whole[whole.length / 2] ^= 1;
      Files.write(file, whole);
    }
    assertTrue(browse(cached()).of("log/") > SNAPSHOTS);
    assertEquals(1, browse(cached()).of("log/"));
  }

  /** Somebody who can write here can make copies that look whole; they open by no key. */
  @Test
  void open_copiesForged_areReadAgain() throws Exception {
    browse(cached());
    for (Path file : copies()) {
      byte[] whole = Files.readAllBytes(file);
      byte[] forged = Arrays.copyOfRange(whole, 32, whole.length);
      forged[forged.length - 1] ^= 1;
      for (String name : names()) {
        write(file, name, forged);
      }
    }
    assertTrue(browse(cached()).of("log/") > SNAPSHOTS);
  }

  @Test
  void check_itemsDamagedAndCopiesGood_findsIt() throws IOException {
    browse(cached());
    String slot = "log/" + String.format("%016x", 5);
    byte[] bytes = place.bytes(slot);
    bytes[bytes.length / 2] ^= 1;
    place.delete(slot);
    place.create(slot, Body.of(bytes));
    try (Repository repository = open(place.handle(), cached())) {
      assertFalse(repository.check(CheckOptions.defaults()).clean());
    }
  }

  @Test
  void open_slotReplacedByAnother_isReadAndNotTheCopy() throws IOException {
    RepositoryOptions cached = cached();
    try (Repository repository = open(place.handle(), cached)) {
      repository.backup(source);
    }
    browseAny(cached);
    String last = place.list("log/", "").items().get(SNAPSHOTS + 1).key();
    place.delete(last);
    Snapshot other;
    try (Repository repository = open(place.handle(), uncached())) {
      other = repository.backup(source).snapshot();
      repository.backup(source);
    }
    try (Repository repository = open(place.handle(), cached)) {
      assertTrue(repository.snapshots().stream().anyMatch(s -> s.id().equals(other.id())));
    }
  }

  private void browseAny(RepositoryOptions options) {
    try (Repository repository = open(place.handle(), options)) {
      assertTrue(repository.snapshots().stream().count() > 0);
    }
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> all =
          files
              .filter(
                  f -> f.endsWith(Path.of("read", f.getFileName() + "")) && Files.isRegularFile(f))
              .toList();
      assertTrue(all.size() > SNAPSHOTS);
      return all;
    }
  }

  /** The names that copies of slots may have. */
  private List<String> names() throws IOException {
    return place.list("log/", "").items().stream()
        .map(item -> item.key() + "@" + item.time() + "+" + item.size())
        .toList();
  }

  /** Writes a copy as the cache does, if the file is that of this name. */
  private static void write(Path file, String name, byte[] bytes) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] ofName = sha256.digest(name.getBytes(StandardCharsets.US_ASCII));
    String expected = HexFormat.of().formatHex(ofName, 0, 16);
    if (file.endsWith(expected)) {
      sha256.update(name.getBytes(StandardCharsets.US_ASCII));
      sha256.update((byte) 0);
      byte[] digest = sha256.digest(bytes);
      byte[] whole = Arrays.copyOf(digest, 32 + bytes.length);
      System.arraycopy(bytes, 0, whole, 32, bytes.length);
      Files.write(file, whole);
    }
  }
}
