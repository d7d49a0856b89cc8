package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.ConfigurationException;
import dev.varve.RefusedException;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {

  private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void open_createsNothing() throws IOException {
    Path root = folder.resolve("new/place");
    try (Store store = DirectoryStore.open(root)) {
      assertTrue(store.list("", "").items().isEmpty());
      assertThrows(
          NoSuchFileException.class, () -> store.read("config", 0, ByteBuffer.allocate(1)));
      store.delete("config");
    }

    assertFalse(Files.exists(folder.resolve("new")));
  }

  @Test
  void open_aFile_saysThatItIsNoDirectory() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    for (Path place : List.of(file, file.resolve("below/it"))) {
      ConfigurationException failure =
          assertThrows(ConfigurationException.class, () -> DirectoryStore.open(place));
      assertEquals(
          "Cannot use "
              + place
              + " as a store: "
              + file
              + " is not a directory; name one, or a path where one can be made",
          failure.getMessage());
    }
  }

  @Test
  void create_item_isAPlainFileForItsOwnerOnly() throws IOException {
    Path root = folder.resolve("place");
    try (Store store = DirectoryStore.open(root)) {
      store.create("packs/5a/5abc", Body.of(BYTES));
    }

    assertArrayEquals(BYTES, Files.readAllBytes(root.resolve("packs/5a/5abc")));
    assertEquals("rw-------", mode(root.resolve("packs/5a/5abc")));
    for (Path directory : List.of(root, root.resolve("packs"), root.resolve("packs/5a"))) {
      assertEquals("rwx------", mode(directory));
    }
    assertEquals(1, FileState.of(root.resolve("packs/5a/5abc")).links());
    assertEquals(List.of(), files(root.resolve(".tmp")));
  }

  @Test
  void create_refused_leavesNoTemporaryFile() throws IOException {
    try (Store store = DirectoryStore.open(folder)) {
      store.create("config", Body.of(BYTES));
      assertThrows(FileAlreadyExistsException.class, () -> store.create("config", Body.of(BYTES)));
    }

    assertEquals(List.of(), files(folder.resolve(".tmp")));
  }

  @Test
  void time_isTheFiles() throws IOException {
    Instant longAgo = Instant.parse("2001-02-03T04:05:06.123456789Z");
    try (Store store = DirectoryStore.open(folder)) {
      Stored created = store.create("config", Body.of(BYTES));
      assertEquals(created.time(), Files.getLastModifiedTime(folder.resolve("config")).toInstant());
      Files.setLastModifiedTime(folder.resolve("config"), FileTime.from(longAgo));

      assertEquals(longAgo, store.list("", "").items().get(0).time());
    }
  }

  @Test
  void list_whatIsNoKey_isNotShown() throws IOException {
    try (Store store = DirectoryStore.open(folder)) {
      store.create("packs/aa/x", Body.of(BYTES));
      Files.createDirectories(folder.resolve("lost+found"));
      Files.write(folder.resolve("README"), BYTES);
      Files.write(folder.resolve(".hidden"), BYTES);
      Files.write(folder.resolve("packs/aa/.nfs0001"), BYTES);
      Files.write(folder.resolve("packs/aa/Ä"), BYTES);

      assertEquals(
          List.of("packs/aa/x"), store.list("", "").items().stream().map(Stored::key).toList());
      assertTrue(store.list("../", "").items().isEmpty());
      assertTrue(store.list(".tmp/", "").items().isEmpty());
      assertTrue(store.list("/", "").items().isEmpty());
      assertTrue(store.list("packs//", "").items().isEmpty());
    }
  }

  @Test
  void publish_linkAppliedButReportedAsExisting_isOurs() throws IOException {
    Path temporary = Files.write(folder.resolve("temporary"), BYTES);
    Path item = folder.resolve("item");
    Files.createLink(item, temporary);

    // As over NFS: the name is there because the link, whose answer got lost, put it there.
    new LinkPublishing().publish(temporary, item);

    assertArrayEquals(BYTES, Files.readAllBytes(item));
  }

  @Test
  void publish_anothersItemOfEqualBytes_isNotOurs() throws IOException {
    Path temporary = Files.write(folder.resolve("temporary"), BYTES);
    Path item = Files.write(folder.resolve("item"), BYTES);

    assertThrows(
        FileAlreadyExistsException.class, () -> new LinkPublishing().publish(temporary, item));
  }

  @Test
  void temporaryFiles_leftOver_areRemovedAfterADayByTheStoresClock() throws IOException {
    Path temporaries = Files.createDirectories(folder.resolve(".tmp"));
    Path old = leftOver(temporaries.resolve("0123456789abcdef+packs+aa+x"), Duration.ofHours(25));
    Path young = leftOver(temporaries.resolve("1123456789abcdef+packs+aa+y"), Duration.ofHours(23));
    Path foreign = leftOver(temporaries.resolve("notes.txt"), Duration.ofDays(400));
    try (Store reader = DirectoryStore.open(folder)) {
      assertTrue(reader.list("", "").items().isEmpty());
    }
    assertTrue(Files.exists(old), "only a writer removes");

    try (Store writer = DirectoryStore.open(folder)) {
      writer.create("config", Body.of(BYTES));
    }

    assertEquals(List.of(young, foreign), files(temporaries));
  }

  @Test
  void temporaryFile_ofAWriterThatDiedAfterItsLink_isRemovedAndTheItemStays() throws IOException {
    try (Store store = DirectoryStore.open(folder)) {
      store.create("packs/aa/x", Body.of(BYTES));
    }
    Path item = folder.resolve("packs/aa/x");
    Files.setLastModifiedTime(item, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Path second = folder.resolve(".tmp/0123456789abcdef+packs+aa+x");
    Files.createLink(second, item);

    try (Store store = DirectoryStore.open(folder)) {
      ByteBuffer into = ByteBuffer.allocate(BYTES.length);
      store.read("packs/aa/x", 0, into);
      assertArrayEquals(BYTES, into.array());
      assertTrue(Files.exists(second));
      store.create("config", Body.of(BYTES));
    }

    assertFalse(Files.exists(second));
    assertArrayEquals(BYTES, Files.readAllBytes(item));
  }

  @Test
  void item_linkedToByOthers_isForcedOnceOnly() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path root = disk.path("/srv/repo");
    try (Store store = DirectoryStore.open(root)) {
      store.create("packs/aa/x", Body.of(BYTES));
    }
    Files.createLink(root.resolve("packs/aa/Copy"), root.resolve("packs/aa/x"));
    List<String> forced = new ArrayList<>();
    disk.watch(
        (operation, path) -> {
          if (operation.equals("force")) {
            forced.add(path);
          }
        });

    try (Store store = DirectoryStore.open(root)) {
      for (int i = 0; i < 10; i++) {
        store.read("packs/aa/x", 0, ByteBuffer.allocate(1));
        assertEquals(1, store.list("packs/", "").items().size());
      }
    }

    assertEquals(List.of("/srv", "/srv/repo", "/srv/repo/packs", "/srv/repo/packs/aa"), forced);
  }

  @Test
  void temporaryFile_takenAwayWhileInUse_isWrittenAgain() throws IOException {
    Path temporaries = folder.resolve(".tmp");
    try (Store store = DirectoryStore.open(folder)) {
      store.create("config", Body.of(BYTES));
      SweepingBody body = new SweepingBody(temporaries);
      store.create("packs/aa/x", body);

      assertEquals(2, body.written);
    }
    assertArrayEquals(BYTES, Files.readAllBytes(folder.resolve("packs/aa/x")));
  }

  @Test
  void directory_takenAwayWhileOpen_isMadeAgain() throws IOException {
    try (Store store = DirectoryStore.open(folder)) {
      store.create("config", Body.of(BYTES));
      store.create("packs/aa/x", Body.of(BYTES));
      store.delete("packs/aa/x");
      Files.delete(folder.resolve("packs/aa"));
      Files.delete(folder.resolve("packs"));

      store.create("packs/aa/x", Body.of(BYTES));
    }
    assertArrayEquals(BYTES, Files.readAllBytes(folder.resolve("packs/aa/x")));
  }

  @Test
  void root_goneOrEmptyLater_isNoEmptyStore() throws IOException {
    Path root = folder.resolve("place");
    Path elsewhere = folder.resolve("elsewhere");
    try (Store store = DirectoryStore.open(root)) {
      store.create("config", Body.of(BYTES));
      Files.move(root, elsewhere);

      assertMounted(store, root + " has gone; is its file system mounted?");
      Files.createDirectory(root);
      assertMounted(store, root + " is suddenly empty; is its file system mounted?");
      assertEquals(List.of(), files(root));

      Files.delete(root);
      Files.move(elsewhere, root);
      assertEquals(1, store.list("", "").items().size());
    }
  }

  @Test
  void fileSystemThatMakesNoDirectories_isRefusedAtOnce() throws IOException {
    Path noDisk = Path.of("/proc");
    assumeTrue(Files.isDirectory(noDisk.resolve("self")), "Linux only");
    Path root = noDisk.resolve("varve");
    try (Store store = DirectoryStore.open(root)) {
      RefusedException failure =
          assertThrows(RefusedException.class, () -> store.create("config", Body.of(BYTES)));
      assertEquals(
          "Cannot make "
              + root
              + ": the file system there makes no directories; choose another place",
          failure.getMessage());
    }
  }

  @Test
  void aFileInPlaceOfADirectory_saysSo() throws IOException {
    Files.write(folder.resolve("packs"), BYTES);
    try (Store store = DirectoryStore.open(folder)) {
      IOException failure =
          assertThrows(IOException.class, () -> store.create("packs/aa/x", Body.of(BYTES)));
      assertEquals(
          String.format(
              "Cannot create packs/aa/x in %s: %s/packs is a file where a directory is needed",
              folder, folder),
          failure.getMessage());
    }
  }

  @Test
  void exclusive_secondWriter_isRefusedUntilTheFirstIsDone() throws IOException {
    Store first = DirectoryStore.openExclusive(folder);
    try (Store second = DirectoryStore.openExclusive(folder)) {
      first.create("config", Body.of(BYTES));
      second.read("config", 0, ByteBuffer.allocate(1));
      assertThrows(RefusedException.class, () -> second.create("log/0", Body.of(BYTES)));

      first.close();
      second.create("log/0", Body.of(BYTES));
      assertThrows(FileAlreadyExistsException.class, () -> second.create("config", Body.of(BYTES)));
    } finally {
      first.close();
    }
    assertEquals(List.of(), files(folder.resolve(".tmp")));
  }

  private static void assertMounted(Store store, String message) {
    ByteBuffer into = ByteBuffer.allocate(1);
    for (IOException failure :
        List.of(
            assertThrows(IOException.class, () -> store.read("config", 0, into)),
            assertThrows(IOException.class, () -> store.list("", "")),
            assertThrows(IOException.class, () -> store.create("log/0", Body.of(BYTES))))) {
      assertFalse(failure instanceof NoSuchFileException);
      assertTrue(String.valueOf(failure.getMessage()).endsWith(message), failure.getMessage());
    }
  }

  /** Sweeps all temporary files away while it is read for the first time. */
  private static final class SweepingBody implements Body {
    private final Path temporaries;
    private int written;

    private SweepingBody(Path temporaries) {
      this.temporaries = temporaries;
    }

    @Override
    public long length() {
      return BYTES.length;
    }

    @Override
    public InputStream open() throws IOException {
      if (written++ == 0) {
        for (Path file : files(temporaries)) {
          Files.delete(file);
        }
      }
      return Body.of(BYTES).open();
    }
  }

  private static Path leftOver(Path file, Duration age) throws IOException {
    Files.write(file, BYTES);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
