package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConflictException;
import dev.varve.PruneOptions;
import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.testkit.CollectingTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes back up to one bucket of a real server and prune there without any grace, while others
 * are killed at random instants and suspended across whole prunes: what was said to be finished and
 * not forgotten restores, and in the end all space comes back that nobody needs.
 */
class S3RacesTest {

  private static final boolean DEEP = Boolean.getBoolean("varve.deep");
  private static final int ROUNDS = DEEP ? 500 : 8;
  private static final String KEPT = "kept";
  private static final String DROPPED = "dropped";
  private static final int ID_LENGTH = 32;
  private static final PruneOptions THOROUGH =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).repackBelow(1).build();

  private final TestServer server = TestServer.s3Proxy();
  private final String bucket = server.newBucket();
  private final KeyFile key = KeyFile.generate();
  private final long seed = Long.getLong("varve.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @TempDir Path cache;
  private int overtaken;

  @Test
  void racingProcesses_killedAndSuspended_loseNothingAndSpaceComesBack() throws Exception {
    System.out.println("S3RacesTest -Dvarve.seed=" + seed);
    open().close();
    List<String> finished = new ArrayList<>();
    List<Process> children = new ArrayList<>();
    for (int role = 0; role < 4; role++) {
      children.add(start(role));
    }
    try {
      for (int round = 0; round < ROUNDS; round++) {
        int role = random.nextInt(children.size());
        Process child = children.get(role);
        String line = child.inputReader().readLine();
        assertTrue(line != null, "Process " + role + " has ended by itself");
        if (role < 2 && line.length() == ID_LENGTH) {
          finished.add(line);
        }
        LockSupport.parkNanos((long) (random.nextDouble() * 300_000_000));
        if (random.nextInt(3) == 0) {
          signal("STOP", child);
          pruneAndVerify();
          signal("CONT", child);
        } else {
          List<String> told = killed(child);
          finished.addAll(role < 2 ? told : List.of());
          children.set(role, start(role));
        }
      }
    } finally {
      for (int role = 0; role < children.size(); role++) {
        List<String> told = killed(children.get(role));
        finished.addAll(role < 2 ? told : List.of());
      }
    }
    clearUp(finished);
    System.out.println(
        ROUNDS
            + " kills and suspensions, "
            + finished.size()
            + " backups told of, overtaken "
            + overtaken);
  }

  private Repository open() {
    return S3Racer.open(server.endpoint().toString(), bucket, key, cache);
  }

  /** Two that are kept, one that is dropped again and again, one that drops it and prunes. */
  private Process start(int role) throws IOException {
    String name = role < 2 ? KEPT + role : DROPPED;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Leashed.class.getName());
    command.add(S3Racer.class.getName());
    command.addAll(List.of(server.endpoint().toString(), bucket, key.text(), cache.toString()));
    command.addAll(List.of(name, Long.toString(random.nextLong()), role == 3 ? "prune" : "backup"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<String> killed(Process child) throws InterruptedException {
    child.toHandle().destroyForcibly();
    List<String> told =
        child.inputReader().lines().filter(line -> line.length() == ID_LENGTH).toList();
    child.waitFor();
    return told;
  }

  private static void signal(String name, Process to) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  private void pruneAndVerify() {
    try (Repository repository = open()) {
      PruneOptions.Builder options = PruneOptions.builder().now();
      try {
        repository.prune(
            random.nextBoolean() ? options.staleAfter(Duration.ZERO).build() : options.build());
      } catch (ConflictException again) {
        // The others were faster each time; what is there must restore all the same.
        overtaken++;
      }
      List<Snapshot> kept =
          repository.snapshots().list().stream()
              .filter(snapshot -> snapshot.source().name().startsWith(KEPT))
              .toList();
      for (int i = 0; i < Math.min(5, kept.size()); i++) {
        assertRestores(repository, kept.get(random.nextInt(kept.size())));
      }
    }
  }

  private static void assertRestores(Repository repository, Snapshot snapshot) {
    CollectingTarget target = new CollectingTarget();
    repository.restore(snapshot, target);
    target.assertHolds(S3Racer.source(snapshot));
  }

  private void clearUp(List<String> finished) {
    try (Repository repository = open()) {
      int prunes = 0;
      while (!repository.prune(THOROUGH).isEmpty()) {
        assertTrue(++prunes <= 6, "Pruning comes to no end");
      }
      for (Snapshot snapshot : repository.snapshots().list()) {
        assertRestores(repository, snapshot);
      }
      for (String id : finished) {
        assertTrue(repository.snapshots().find(id).isPresent(), id + " is lost");
      }
      CheckReport report =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(report.clean(), () -> report.findings().toString());
    }
  }
}
