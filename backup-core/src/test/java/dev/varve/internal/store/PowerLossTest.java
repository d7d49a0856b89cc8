package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.store.disk.PowerLoss;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The power goes at every single operation, and of all that was not forced any part survives: what
 * was created or only shown to a reader is still there, whole, and nothing is there in part.
 */
class PowerLossTest {

  private static final int DEEP_FACTOR = Boolean.getBoolean("varve.deep") ? 20 : 1;
  private static final String ROOT = "/srv/backups/repo";

  private interface Opening {
    Store open(SimulatedDisk disk) throws IOException;
  }

  private static final Opening LINKING = disk -> DirectoryStore.open(disk.path(ROOT));
  private static final Opening RENAMING = disk -> DirectoryStore.openExclusive(disk.path(ROOT));

  /** What somebody was told is there, and so must stay; and what may be there. */
  private static final class Promises {
    private final Set<String> kept = new HashSet<>();
    private final Set<String> begun = new HashSet<>();

    void create(Store store, String key) throws IOException {
      begun.add(key);
      store.create(key, Body.of(content(key)));
      kept.add(key);
    }

    void delete(Store store, String key) throws IOException {
      kept.remove(key);
      begun.add(key + " deleted");
      store.delete(key);
    }

    void look(Store store, Random random) throws IOException {
      if (random.nextBoolean()) {
        for (Stored item : store.list("", "").items()) {
          show(item.key());
        }
        return;
      }
      for (String key :
          List.of("config", "packs/aa/1", "packs/ab/3", "log/0", "log/1", "locks/l")) {
        try {
          store.read(key, 0, ByteBuffer.allocate(1));
          show(key);
        } catch (NoSuchFileException missing) {
          assertTrue(!kept.contains(key), key + " is missing while the power is on");
        }
      }
    }

    private void show(String key) {
      if (!begun.contains(key + " deleted")) {
        kept.add(key);
      }
    }
  }

  @Test
  void powerLossAtEveryOperation_linking_losesNothingThatWasShown() throws IOException {
    assertTrue(statesSurvived(LINKING, true) >= 10_000);
  }

  @Test
  void powerLossAtEveryOperation_renaming_losesNothingThatWasShown() throws IOException {
    assertTrue(statesSurvived(RENAMING, false) >= 10_000);
  }

  @Test
  void killAtEveryOperation_thenALook_thenPowerLoss_losesNothingThatWasShown() throws IOException {
    for (Opening opening : List.of(LINKING, RENAMING)) {
      for (int at = 1; at < operations(opening); at++) {
        for (int variant = 0; variant < 3 * DEEP_FACTOR; variant++) {
          Random random = new Random(31L * at + variant);
          SimulatedDisk disk = new SimulatedDisk();
          Promises promises = new Promises();
          killAt(disk, at);
          assertThrows(PowerLoss.class, () -> work(opening.open(disk), promises));
          disk.watch((operation, path) -> {});

          try (Store next = opening.open(disk)) {
            promises.look(next, random);
          }
          verify(opening, disk.afterPowerLoss(random), promises, "kill at " + at);
        }
      }
    }
  }

  /** Another thread of the process, or another process: their forces of one directory overlap. */
  @Test
  void anotherWriterAtEveryOperation_thenPowerLoss_losesNothingThatWasCreated() throws IOException {
    int operations = operations(LINKING);
    for (boolean sameProcess : List.of(true, false)) {
      for (int at = 1; at <= operations; at++) {
        for (int variant = 0; variant < 4 * DEEP_FACTOR; variant++) {
          Random random = new Random(1_000_033L * at + variant);
          SimulatedDisk disk = new SimulatedDisk();
          Promises promises = new Promises();
          Store writer = LINKING.open(disk);
          Store other = sameProcess ? writer : LINKING.open(disk);
          int begin = at;
          int end = at + random.nextInt(3);
          int[] done = {0};
          disk.watch(
              (operation, path) -> {
                if (++done[0] == begin) {
                  promises.create(other, "packs/aa/other");
                  promises.create(other, "packs/ac/other");
                  promises.create(other, "log/other");
                }
                if (done[0] == end) {
                  disk.losePower();
                }
              });
          workUntilPowerLoss(writer, promises);
          for (int survivor = 0; survivor < 3; survivor++) {
            verify(LINKING, disk.afterPowerLoss(random), promises, "another at " + at);
          }
        }
      }
    }
  }

  /** The test must be able to fail: without forcing directories, things do get lost. */
  @Test
  void simulation_directoriesNeverForced_losesItems() throws IOException {
    int lost = 0;
    for (int seed = 0; seed < 20; seed++) {
      SimulatedDisk disk = new SimulatedDisk();
      Promises promises = new Promises();
      disk.ignoreForcedDirectories();
      work(LINKING.open(disk), promises);
      SimulatedDisk after = disk.afterPowerLoss(new Random(seed));
      try (Store store = LINKING.open(after)) {
        lost += store.list("", "").items().size() < promises.kept.size() ? 1 : 0;
      }
    }
    assertNotEquals(0, lost);
  }

  private static int statesSurvived(Opening opening, boolean shared) throws IOException {
    int states = 0;
    int operations = operations(opening);
    for (int at = 1; at <= operations; at++) {
      for (int variant = 0; variant < 15 * DEEP_FACTOR; variant++) {
        Random random = new Random(1_000_003L * at + variant);
        SimulatedDisk disk = new SimulatedDisk();
        Promises promises = new Promises();
        Store writer = opening.open(disk);
        Store reader = shared ? opening.open(disk) : writer;
        int end = at;
        int[] done = {0};
        disk.watch(
            (operation, path) -> {
              if (++done[0] == end) {
                disk.losePower();
              } else if (shared ? random.nextInt(8) == 0 : operation.equals("force")) {
                promises.look(reader, random);
              }
            });
        workUntilPowerLoss(writer, promises);

        for (int survivor = 0; survivor < 5; survivor++) {
          verify(opening, disk.afterPowerLoss(random), promises, "loss at " + at);
          states++;
        }
      }
    }
    return states;
  }

  /** A look may save the writer an operation or two: then the power goes when it is done. */
  private static void workUntilPowerLoss(Store writer, Promises promises) throws IOException {
    try {
      work(writer, promises);
    } catch (PowerLoss expected) {
      return;
    }
  }

  private static int operations(Opening opening) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    int[] done = {0};
    disk.watch((operation, path) -> done[0]++);
    work(opening.open(disk), new Promises());
    return done[0];
  }

  private static void work(Store store, Promises promises) throws IOException {
    promises.create(store, "config");
    promises.create(store, "packs/aa/1");
    promises.create(store, "packs/aa/2");
    promises.create(store, "log/0");
    promises.create(store, "packs/ab/3");
    promises.create(store, "log/1");
    refuseToCreate(store, "log/1");
    promises.create(store, "locks/l");
    promises.delete(store, "locks/l");
    promises.delete(store, "packs/aa/1");
    promises.create(store, "log/2");
  }

  private static void refuseToCreate(Store store, String key) throws IOException {
    try {
      store.create(key, Body.of(new byte[1]));
    } catch (FileAlreadyExistsException asItShould) {
      return;
    }
    throw new AssertionError(key + " was created twice");
  }

  private static void killAt(SimulatedDisk disk, int at) {
    int[] done = {0};
    disk.watch(
        (operation, path) -> {
          if (++done[0] >= at) {
            throw new PowerLoss();
          }
        });
  }

  private static void verify(Opening opening, SimulatedDisk disk, Promises promises, String when)
      throws IOException {
    try (Store store = opening.open(disk)) {
      Set<String> missing = new HashSet<>(promises.kept);
      for (Stored item : store.list("", "").items()) {
        assertTrue(promises.begun.contains(item.key()), item.key());
        ByteBuffer into = ByteBuffer.allocate((int) item.size());
        store.read(item.key(), 0, into);
        assertArrayEquals(content(item.key()), into.array(), item.key() + ", " + when);
        missing.remove(item.key());
      }
      assertEquals(Set.of(), missing, when);

      store.create("after", Body.of(content("after")));
      assertTrue(store.list("after", "").items().size() == 1, when);
    }
  }

  private static byte[] content(String key) {
    byte[] bytes = new byte[1000 + Math.floorMod(key.hashCode(), 4000)];
    new Random(key.hashCode()).nextBytes(bytes);
    return bytes;
  }
}
