package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.StoreException;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.disk.PowerLoss;
import dev.varve.internal.store.disk.SimulatedDisk;
import dev.varve.store.Store;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power goes at any operation of a directory store while each {@link PublicVerb} that changes
 * something is at work, and of all that was not forced any part survives: nothing that was there is
 * lost, nothing is half there, what had returned is done, and the next run succeeds.
 */
class VerbPowerLossTest {

  private static final String ROOT = "/srv/backups/repo";
  private static final List<PublicVerb> VERBS = PublicVerb.writing();

  private final Random random = Seeds.random(VerbPowerLossTest.class);
  private final Scene made = new Scene(new MemoryStore(), new MemoryStore());

  @Test
  void anyVerb_powerLossAtAnyOperation_losesNothingAndTheNextSucceeds() throws IOException {
    long begin = System.nanoTime();
    long time = Seeds.nearEnd() - begin;
    int states = 0;
    for (int i = 0; i < VERBS.size(); i++) {
      long end = begin + time * (i + 1) / VERBS.size();
      states += states(VERBS.get(i), end);
    }
    System.out.println(states + " states after power loss in " + VERBS.size() + " verbs");
    assertTrue(states >= VERBS.size(), states + " states");
  }

  private int states(PublicVerb verb, long end) throws IOException {
    try {
      int deep = PowerLossTrial.DEEP_STATES / VERBS.size();
      return PowerLossTrial.run(new Trial(verb, verb.prepare(made)), random, 1, 2, 2, deep, end);
    } catch (AssertionError e) {
      throw new AssertionError(verb + ": " + e.getMessage(), e);
    }
  }

  private static DirectoryStore store(SimulatedDisk disk) throws IOException {
    return DirectoryStore.open(disk.path(ROOT));
  }

  /** One verb on a disk of its own. */
  private static final class Trial implements PowerLossTrial {
    private final PublicVerb verb;
    private final Scene prepared;
    private Scene scene;

    Trial(PublicVerb verb, Scene prepared) {
      this.verb = verb;
      this.prepared = prepared;
      this.scene = prepared;
    }

    @Override
    public SimulatedDisk prepared() throws IOException {
      SimulatedDisk disk = new SimulatedDisk();
      try (Store store = store(disk)) {
        StoreCopies.store(prepared.place, store);
      }
      return disk;
    }

    @Override
    public int work(SimulatedDisk disk) throws IOException {
      scene = prepared.take();
      try (Repository repository = Scene.open(store(disk))) {
        verb.run(repository, scene);
        return 1;
      } catch (PowerLoss | BackupException powerIsGone) {
        return 0;
      }
    }

    @Override
    public void verify(SimulatedDisk disk, int finished) {
      Optional<Throwable> failure =
          finished > 0
              ? Optional.empty()
              : Optional.of(new StoreException("The power is gone", new IOException()));
      scene.judge(verb, () -> connection(disk), failure);
    }

    private static Store connection(SimulatedDisk disk) {
      try {
        return store(disk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
