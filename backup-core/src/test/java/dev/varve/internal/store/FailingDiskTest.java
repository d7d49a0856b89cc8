package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation of the file system fails once, in each way it can. */
class FailingDiskTest {

  private static final String ROOT = "/srv/repo";
  private static final List<String> KEYS =
      List.of("config", "packs/aa/1", "packs/aa/2", "log/0", "packs/ab/3");

  /** What the system says, as the JDK hands it on, and what a store is to make of it. */
  private enum Failure {
    INPUT_OUTPUT(IOException.class),
    NO_SPACE(RefusedException.class),
    QUOTA(RefusedException.class),
    READ_ONLY(AccessDeniedException.class),
    DENIED(AccessDeniedException.class);

    private final Class<? extends IOException> shownAs;

    Failure(Class<? extends IOException> shownAs) {
      this.shownAs = shownAs;
    }

    IOException at(String path) {
      return switch (this) {
        case INPUT_OUTPUT -> new IOException("Input/output error");
        case NO_SPACE -> new IOException("No space left on device");
        case QUOTA -> new FileSystemException(path, null, "Disk quota exceeded");
        case READ_ONLY -> new FileSystemException(path, null, "Read-only file system");
        case DENIED -> new AccessDeniedException(path);
      };
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyOperationFailsOnce_nothingIsHalfThereAndAnotherTryWorks(boolean exclusive)
      throws IOException {
    int failures = 0;
    boolean met = true;
    for (int at = 1; met; at++) {
      for (Failure failure : Failure.values()) {
        SimulatedDisk disk = new SimulatedDisk();
        int end = at;
        int[] done = {0};
        disk.watch(
            (operation, path) -> {
              if (++done[0] == end) {
                throw failure.at(path);
              }
            });
        try (Store store = open(disk, exclusive)) {
          failures += work(store, failure);
          met = done[0] >= end;
          disk.watch((operation, path) -> {});
          assertAllThere(store);
        }
        assertFewLeftOver(disk);
      }
    }
    assertTrue(failures > 100, "only " + failures + " calls failed");
  }

  @Test
  void linksNotSupported_isRefusedNamingTheOption_andExclusiveWorks() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.watch(
        (operation, path) -> {
          if (operation.equals("link")) {
            throw new FileSystemException(path, null, "Operation not permitted");
          }
        });
    try (Store store = open(disk, false)) {
      RefusedException failure =
          assertThrows(
              RefusedException.class, () -> store.create("config", Body.of(content("config"))));
      assertTrue(
          String.valueOf(failure.getMessage()).contains("store option exclusive=true"),
          failure.getMessage());
      assertTrue(store.list("", "").items().isEmpty());
    }
    assertEquals(0, leftOver(disk));

    try (Store store = open(disk, true)) {
      assertEquals(0, work(store, Failure.INPUT_OUTPUT));
      assertAllThere(store);
      assertThrows(
          FileAlreadyExistsException.class,
          () -> store.create("config", Body.of(content("config"))));
    }
  }

  @Test
  void linkAppliedButReportedAsFailed_isNoticed() throws IOException {
    for (IOException answer :
        List.of(new FileAlreadyExistsException("config"), new IOException("Stale file handle"))) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.answerLinksWith(answer);
      try (Store store = open(disk, false)) {
        assertEquals(0, work(store, Failure.INPUT_OUTPUT));
        assertAllThere(store);
      }
      assertEquals(0, leftOver(disk));
    }
  }

  private static Store open(SimulatedDisk disk, boolean exclusive) throws IOException {
    Path root = disk.path(ROOT);
    return exclusive ? DirectoryStore.openExclusive(root) : DirectoryStore.open(root);
  }

  /** Creates, reads and lists, each a second time if it failed; how many did. */
  private static int work(Store store, Failure failure) throws IOException {
    int failures = 0;
    for (String key : KEYS) {
      try {
        store.create(key, Body.of(content(key)));
      } catch (IOException told) {
        failures += check(told, failure, "Cannot create " + key + " in " + ROOT + ": ");
        createAgain(store, key);
      }
      try {
        read(store, key);
      } catch (IOException told) {
        failures += check(told, failure, "Cannot read " + key + " in " + ROOT + ": ");
        read(store, key);
      }
      try {
        store.list("", "");
      } catch (IOException told) {
        failures += check(told, failure, "Cannot list everything in " + ROOT + ": ");
      }
    }
    return failures;
  }

  private static int check(IOException told, Failure failure, String message) {
    assertEquals(failure.shownAs, told.getClass(), told.toString());
    assertTrue(String.valueOf(told.getMessage()).startsWith(message), told.toString());
    assertFalse(told instanceof NoSuchFileException, told.toString());
    return 1;
  }

  /** The failed one may have been applied: then the item is there, whole. */
  private static void createAgain(Store store, String key) throws IOException {
    try {
      store.create(key, Body.of(content(key)));
    } catch (FileAlreadyExistsException applied) {
      read(store, key);
    }
  }

  private static void read(Store store, String key) throws IOException {
    byte[] expected = content(key);
    ByteBuffer into = ByteBuffer.allocate(expected.length);
    store.read(key, 0, into);
    assertArrayEquals(expected, into.array(), key);
  }

  private static void assertAllThere(Store store) throws IOException {
    List<String> listed = store.list("", "").items().stream().map(item -> item.key()).toList();
    assertEquals(KEYS.stream().sorted().toList(), listed);
    for (String key : KEYS) {
      read(store, key);
    }
  }

  /** One operation failed: at most one temporary file could not be removed. */
  private static void assertFewLeftOver(SimulatedDisk disk) throws IOException {
    assertTrue(leftOver(disk) <= 1);
  }

  private static long leftOver(SimulatedDisk disk) throws IOException {
    try (Stream<Path> files = Files.list(disk.path(ROOT + "/.tmp"))) {
      return files.count();
    }
  }

  private static byte[] content(String key) {
    byte[] bytes = new byte[4000];
    new Random(key.hashCode()).nextBytes(bytes);
    return bytes;
  }
}
