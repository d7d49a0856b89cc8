package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConflictException;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.Snapshot;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.key.KeyFile;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes back up into one directory, prune it without any grace, and forget, bring back,
 * rewrite, label and repair in it, while others are killed by SIGKILL at random instants and
 * suspended by SIGSTOP across whole prunes: what was said to be finished and not forgotten
 * restores, and in the end all space comes back that nobody needs.
 */
class KilledPrunesTest {

  private static final int ROUNDS = Seeds.DEEP ? 1000 : 20;
  private static final String DROPPED = "dropped";
  private static final String KEPT = "kept";
  private static final List<String> QUICK_START =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final PruneOptions THOROUGH =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).repackBelow(1).build();

  private final Random random = Seeds.random(KilledPrunesTest.class);
  private final KeyFile key = KeyFile.generate();

  @TempDir Path directory;
  private int overtaken;

  @Test
  void killedAndSuspendedAtAnyInstant_nothingIsLostAndSpaceComesBack() throws Exception {
    open().close();
    List<String> finished = new ArrayList<>();
    List<Process> children = new ArrayList<>(List.of(backups(KEPT), backups(DROPPED), prunes()));
    try {
      for (int round = 0; round < ROUNDS; round++) {
        int chosen = random.nextInt(children.size());
        Process child = children.get(chosen);
        // It has begun, or has just done something, or is somewhere behind that.
        String line = child.inputReader().readLine();
        finished.addAll(chosen == 0 && line.length() == 32 ? List.of(line) : List.of());
        LockSupport.parkNanos((long) (random.nextDouble() * 400_000_000));
        if (random.nextInt(3) > 0) {
          signal("STOP", child);
          pruneAndVerify();
          signal("CONT", child);
        } else {
          List<String> told = killed(child);
          finished.addAll(chosen == 0 ? told : List.of());
          children.set(chosen, again(chosen));
        }
      }
    } finally {
      finished.addAll(killed(children.get(0)));
      killed(children.get(1));
      killed(children.get(2));
    }
    clearUp(finished);
    System.out.println(
        ROUNDS
            + " kills and suspensions, "
            + finished.size()
            + " backups told of, overtaken "
            + overtaken);
  }

  private Process again(int role) throws IOException {
    return role == 0 ? backups(KEPT) : role == 1 ? backups(DROPPED) : prunes();
  }

  /** What a killed process had told of. */
  private static List<String> killed(Process child) throws InterruptedException {
    child.toHandle().destroyForcibly();
    List<String> told = child.inputReader().lines().filter(line -> line.length() == 32).toList();
    child.waitFor();
    return told;
  }

  private static void signal(String name, Process to) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  /** Prunes beside the others and compares all snapshots that are there before and after it. */
  private void pruneAndVerify() throws IOException {
    try (Repository repository = open()) {
      PruneOptions.Builder options = PruneOptions.builder().now();
      try {
        repository.prune(
            random.nextBoolean() ? options.staleAfter(Duration.ZERO).build() : options.build());
      } catch (ConflictException again) {
        // The others were faster each time; what is there must restore all the same.
        overtaken++;
      }
      for (Snapshot snapshot : repository.snapshots().list()) {
        if (snapshot.source().name().equals(KEPT)) {
          Repositories.assertRestores(repository, snapshot, source(snapshot));
        }
      }
    }
  }

  private void clearUp(List<String> finished) throws IOException {
    try (Repository repository = open()) {
      int prunes = 0;
      while (!repository.prune(THOROUGH).isEmpty()) {
        assertTrue(++prunes <= 6, "Pruning comes to no end");
      }
      PrunePlan plan = repository.planPrune(THOROUGH);
      assertTrue(plan.isEmpty() && plan.unreadable().isEmpty(), plan::toString);
      for (Snapshot snapshot : repository.snapshots().list()) {
        Repositories.assertRestores(repository, snapshot, source(snapshot));
      }
      for (String id : finished) {
        assertTrue(repository.snapshots().find(id).isPresent(), id + " is lost");
      }
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings().toString());
    }
  }

  private static MemorySource source(Snapshot snapshot) {
    Optional<String> seed = Optional.ofNullable(snapshot.tags().get(KilledBackups.SEED));
    MemorySource whole =
        Generated.source(
            requireNonNull(snapshot.tags().get(KilledBackups.NAME)),
            Long.parseLong(seed.orElseThrow()),
            KilledBackups.MOST_OWN_BYTES);
    return Ledger.isRewritten(snapshot) ? Scene.reduced(whole) : whole;
  }

  private Repository open() throws IOException {
    return Repository.openOrCreate(
        DirectoryStore.open(directory), key, Repositories.options().build());
  }

  private Process backups(String name) throws IOException {
    return start(name, "on and on");
  }

  private Process prunes() throws IOException {
    return start(DROPPED, "prune");
  }

  private Process start(String name, String how) throws IOException {
    return Child.start(
        KilledBackups.class,
        QUICK_START,
        List.of(directory.toString(), key.text(), name, Long.toString(random.nextLong()), how));
  }
}
