package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.ConfigurationException;
import dev.varve.RefusedException;
import dev.varve.key.KeyFile;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system of 1 MiB in memory; needs the right to mount one, as in a container's root.
 */
class FullDiskTest {

  @TempDir private Path folder;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "varve-test", folder.toString()) == 0);
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", folder.toString());
  }

  @Test
  void create_diskFull_saysSoLeavesNothingAndWorksOnceThereIsRoom() throws IOException {
    try (Store store = DirectoryStore.open(folder)) {
      store.create("config", Body.of(new byte[100]));
      Path ballast = Files.write(folder.resolve("Ballast"), new byte[600_000]);

      RefusedException failure =
          assertThrows(
              RefusedException.class, () -> store.create("packs/aa/x", Body.of(new byte[700_000])));
      assertTrue(
          String.valueOf(failure.getMessage())
              .matches(
                  "Cannot create packs/aa/x in .*: No space left on device \\(0 of 1 MiB are free\\);"
                      + " make room there"),
          failure.getMessage());
      assertEquals(List.of("config"), keys(store));
      assertEquals(0, count(folder.resolve(".tmp")));

      Files.delete(ballast);
      store.create("packs/aa/x", Body.of(new byte[700_000]));
      ByteBuffer into = ByteBuffer.allocate(700_000);
      store.read("packs/aa/x", 0, into);
      assertArrayEquals(new byte[700_000], into.array());
      assertEquals(1, FileState.of(folder.resolve("packs/aa/x")).links());
    }
  }

  @Test
  void keyFile_diskFull_isNotLeftBehindHalf() throws IOException {
    KeyFile key = KeyFile.generate();
    Path file = folder.resolve("key");
    Path ballast = folder.resolve("ballast");
    fill(ballast);

    assertThrows(ConfigurationException.class, () -> key.save(file));
    assertFalse(Files.exists(file));

    Files.delete(ballast);
    key.save(file);
    assertEquals(key.text(), KeyFile.load(file).text());
  }

  private static void fill(Path ballast) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      IOException full =
          assertThrows(
              IOException.class,
              () -> {
                for (int i = 0; i < 1024; i++) {
                  out.write(new byte[4096]);
                }
              });
      assertTrue(DirectoryErrors.isFull(full), full.toString());
    }
  }

  @Test
  void create_readOnly_isDeniedAndSaysSo() throws Exception {
    try (Store store = DirectoryStore.open(folder)) {
      store.create("config", Body.of(new byte[100]));
      run("mount", "-o", "remount,ro", folder.toString());

      AccessDeniedException failure =
          assertThrows(
              AccessDeniedException.class, () -> store.create("log/0", Body.of(new byte[1])));
      assertEquals(
          "Cannot create log/0 in "
              + folder
              + ": the file system is mounted read-only; mount it so that it can be written",
          failure.getMessage());
      assertThrows(AccessDeniedException.class, () -> store.delete("config"));
      store.read("config", 0, ByteBuffer.allocate(100));
      assertEquals(List.of("config"), keys(store));
    }
  }

  @Test
  void create_partOfThePlaceOnAnotherFileSystem_isRefusedAndSaysSo() throws Exception {
    Path packs = Files.createDirectory(folder.resolve("packs"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "varve-test", packs.toString()) == 0);
    try (Store store = DirectoryStore.open(folder)) {
      RefusedException failure =
          assertThrows(RefusedException.class, () -> store.create("packs/x", Body.of(new byte[1])));
      assertEquals(
          String.format(
              "%s lies on another file system than %s/.tmp; all of a repository's directory must"
                  + " lie on one",
              packs, folder),
          failure.getMessage());
    } finally {
      run("umount", packs.toString());
    }
  }

  private static List<String> keys(Store store) throws IOException {
    return store.list("", "").items().stream().map(item -> item.key()).toList();
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }
}
