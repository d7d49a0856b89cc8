package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.BackupException;
import dev.varve.internal.store.disk.SimulatedDisk;
import java.io.IOException;
import java.util.Random;

/**
 * Something that is done on a disk, and what must hold when the power went at any operation of it:
 * of all that was not forced any part survives.
 */
interface PowerLossTrial {

  /** How many states the deep build looks at; the normal one as many as its time holds. */
  int DEEP_STATES = 10_000;

  /** A disk on which it can be done. */
  SimulatedDisk prepared() throws IOException;

  /** Does it, as far as there is power; how many parts of it had returned. */
  int work(SimulatedDisk disk) throws IOException;

  /** Checks a disk on which the power came back. */
  void verify(SimulatedDisk disk, int finished) throws IOException;

  /**
   * Loses power again and again.
   *
   * @param parts how many parts the work has
   * @param survivors how many of the states that one loss may leave are looked at
   * @param leastStates how many states are looked at however long it takes
   * @return how many were looked at
   */
  static int run(PowerLossTrial trial, Random random, int parts, int survivors, int leastStates)
      throws IOException {
    return run(trial, random, parts, survivors, leastStates, DEEP_STATES, Seeds.end());
  }

  /**
   * As {@link #run(PowerLossTrial, Random, int, int, int)}, for one of several that share the time.
   *
   * @param deepStates how many states the deep build looks at
   * @param end until when the normal build goes on, by {@code System.nanoTime()}
   */
  static int run(
      PowerLossTrial trial,
      Random random,
      int parts,
      int survivors,
      int leastStates,
      int deepStates,
      long end)
      throws IOException {
    int[] operations = {0};
    SimulatedDisk whole = trial.prepared();
    whole.watch((operation, path) -> operations[0]++);
    assertEquals(parts, trial.work(whole));
    int states = 0;
    while (states < leastStates || (Seeds.DEEP ? states < deepStates : System.nanoTime() < end)) {
      SimulatedDisk disk = trial.prepared();
      int last = 1 + random.nextInt(operations[0]);
      int[] done = {0};
      disk.watch(
          (operation, path) -> {
            if (++done[0] == last) {
              disk.losePower();
            }
          });
      int finished = trial.work(disk);
      for (int i = 0; i < survivors; i++) {
        try {
          trial.verify(disk.afterPowerLoss(random), finished);
        } catch (BackupException | AssertionError e) {
          throw new AssertionError("After a loss of power at operation " + last + ": " + e, e);
        }
        states++;
      }
    }
    return states;
  }
}
