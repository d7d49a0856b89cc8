package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.key.KeyFile;
import dev.varve.testkit.MemorySource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that back up into one directory are killed by SIGKILL at random instants: what they
 * said was finished restores, so does what they had no time to tell of, and the next works.
 */
class KillTest {

  private static final int AT_ONCE = 4;
  private static final int KILLS = Seeds.DEEP ? 1000 : 20;
  private static final List<String> QUICK_START =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Random random = Seeds.random(KillTest.class);
  private final KeyFile key = KeyFile.generate();

  @TempDir Path directory;

  @Test
  void killedAtAnyInstant_finishedSnapshotsRestoreAndTheNextBackupWorks() throws Exception {
    List<String> finished = new ArrayList<>();
    Map<String, MemorySource> known = new HashMap<>();
    for (int kills = 0; kills < KILLS; kills += AT_ONCE) {
      finished.addAll(killSome());
      verify(finished, known);
    }
    System.out.println(
        KILLS + " kills, " + finished.size() + " backups told of, " + known.size() + " there");
  }

  @Test
  void killedAfterAPartial_nextBackupFindsWhatItRegistered() throws Exception {
    Process child = start("large", "once");
    try (BufferedReader told = child.inputReader()) {
      assertEquals("ready", told.readLine());
      assertEquals("partial", told.readLine());
    } finally {
      kill(child).waitFor();
    }
    MemorySource source = KilledBackups.large(7);
    try (Repository repository = open()) {
      assertTrue(repository.snapshots().isEmpty());
      BackupReport next = repository.backup(source);
      long added = next.statistics().addedBytes();
      long all = next.statistics().contentBytes();
      System.out.println("After a kill " + added + " of " + all + " bytes were stored again");
      assertTrue(added < all * 9 / 10, added + " of " + all);
      Repositories.assertRestores(repository, next.snapshot(), source);
    }
  }

  /** Starts processes and kills each at some instant; what they told of. */
  private List<String> killSome() throws Exception {
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      children.add(start("source" + i, "on and on"));
    }
    List<String> finished = new ArrayList<>();
    try {
      for (Process child : children) {
        // Mostly a little later than when it is ready; sometimes while it opens the repository.
        if (random.nextInt(5) > 0) {
          assertEquals("ready", child.inputReader().readLine());
        }
        if (random.nextInt(3) == 0) {
          String line = child.inputReader().readLine();
          finished.add(line.equals("ready") ? child.inputReader().readLine() : line);
        }
        LockSupport.parkNanos((long) (random.nextDouble() * 300_000_000));
        kill(child);
      }
    } finally {
      children.forEach(KillTest::kill);
    }
    for (Process child : children) {
      child.waitFor();
      child.inputReader().lines().filter(line -> line.length() == 32).forEach(finished::add);
    }
    return finished;
  }

  /** SIGKILL; unlike {@link Process#destroyForcibly} it leaves readable what the process said. */
  private static Process kill(Process child) {
    child.toHandle().destroyForcibly();
    return child;
  }

  private void verify(List<String> finished, Map<String, MemorySource> known) throws IOException {
    try (Repository repository = open()) {
      for (String id : finished) {
        assertTrue(repository.snapshots().find(id).isPresent(), id + " is lost");
      }
      for (Snapshot snapshot : repository.snapshots().list()) {
        Optional<String> seed = Optional.ofNullable(snapshot.tags().get(KilledBackups.SEED));
        if (seed.isPresent() && !known.containsKey(snapshot.id().hex())) {
          MemorySource source =
              Generated.source(
                  requireNonNull(snapshot.tags().get(KilledBackups.NAME)),
                  Long.parseLong(seed.get()),
                  KilledBackups.MOST_OWN_BYTES);
          Repositories.assertRestores(repository, snapshot, source);
          known.put(snapshot.id().hex(), source);
        }
      }
      MemorySource next = Generated.source("next", random.nextLong());
      Repositories.assertRestores(repository, Repositories.backup(repository, next), next);
      CheckReport report = repository.check(CheckOptions.defaults());
      assertTrue(report.clean(), () -> report.findings().toString());
    }
  }

  private Repository open() throws IOException {
    return Repository.openOrCreate(
        DirectoryStore.open(directory), key, Repositories.options().build());
  }

  private Process start(String name, String how) throws IOException {
    long seed = how.equals("once") ? 7 : random.nextLong();
    return Child.start(
        KilledBackups.class,
        QUICK_START,
        List.of(directory.toString(), key.text(), name, Long.toString(seed), how));
  }
}
