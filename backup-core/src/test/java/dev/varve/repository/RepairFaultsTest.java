package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairReport;
import dev.varve.RestoreReport;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A repair dies at any store call and is run again; others repair and back up at the same time; and
 * somebody has planted what does not belong here.
 */
class RepairFaultsTest {

  private static final RepairOptions ALL =
      RepairOptions.builder()
          .level(CheckOptions.Level.DATA)
          .giveUpSlots()
          .rewriteSnapshots()
          .readerDelay(Duration.ZERO)
          .build();

  /** They lie in one block, of which a bit is flipped. */
  private static final Set<String> LOST = Set.of("d/a", "d/large");

  private final MemoryStore sound = new MemoryStore();
  private final MemorySource source =
      new MemorySource().directory("d").file("d/a", "one").file("d/large", 150_000, 1);
  private final MemorySource other = new MemorySource().file("b", "two").file("c", 60_000, 2);
  private MemoryStore damaged = new MemoryStore();

  @BeforeEach
  void prepare() {
    try (Repository repository = Repositories.create(sound.handle())) {
      Repositories.backup(repository, source);
      Repositories.backup(repository, other);
    }
    damaged = sound.fork();
    damaged.remove("config");
    damaged.remove("log/0000000000000001");
    damaged.remove(damaged.keys("index/").iterator().next());
    List<String> packs =
        damaged.keys("packs/").stream()
            .sorted((a, b) -> sound.bytes(b).length - sound.bytes(a).length)
            .toList();
    damaged.corrupt(packs.get(0), bytes -> flip(bytes, 1000));
    damaged.corrupt(packs.get(1), bytes -> flip(bytes, bytes.length - 10));
  }

  @Test
  void repair_diesAtAnyCall_andRunAgain_comesToTheSame() throws Exception {
    List<String> before = List.copyOf(damaged.keys());
    FaultSweep sweep = FaultSweep.on(damaged);
    // Between two items that are created nothing changes: dying at each says all, but for bugs.
    FaultSweep.Result result =
        (Seeds.DEEP
                ? sweep
                : sweep.only(
                    FaultKind.CRASH_AFTER, FaultKind.APPLIED_BUT_REPLY_LOST, FaultKind.NO_SPACE))
            .run(
                place -> {
                  try (Repository repository = open(place, true)) {
                    repository.repair(repository.planRepair(ALL));
                  }
                },
                (fault, place, failure) -> {
                  if (failure.isPresent() && !(failure.get() instanceof BackupException)) {
                    throw new AssertionError("A failure nobody translated", failure.get());
                  }
                  assertTrue(place.keys().containsAll(before), "something was deleted");
                  repairAndJudge(place);
                });
    assertTrue(result.cases() > 30, result.toString());
  }

  @Test
  void planRepair_bytesSpoiledOnTheWayOnce_plansNothing() throws Exception {
    FaultSweep.on(sound)
        .only(FaultKind.SILENT_CORRUPTION)
        .run(
            place -> {
              try (Repository repository = open(place, true)) {
                RepairPlan plan = repository.planRepair(ALL);
                assertFalse(plan.hasWork(), plan.toString());
              }
            },
            (fault, place, failure) -> {
              if (failure.isPresent() && failure.get() instanceof AssertionError bad) {
                throw bad;
              }
              assertEquals(sound.keys(), place.keys());
            });
  }

  @Test
  void repairs_besideEachOtherAndABackup_comeToTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < 3; round++) {
        MemoryStore place = damaged.fork();
        Callable<Boolean> repairing =
            () -> {
              try (Repository repository = open(place.handle(), false)) {
                repository.repair(repository.planRepair(ALL));
                return true;
              } catch (BackupException overtaken) {
                return false;
              }
            };
        Callable<Boolean> backingUp =
            () -> {
              try (Repository repository = open(place.handle(), false)) {
                Repositories.backup(repository, other);
                return true;
              } catch (BackupException overtaken) {
                return false;
              }
            };
        for (Future<Boolean> each : threads.invokeAll(List.of(repairing, repairing, backingUp))) {
          each.get();
        }
        repairAndJudge(place);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void plantedItems_areNeitherAdoptedNorAHindrance() {
    MemoryStore foreign = new MemoryStore();
    try (Repository repository = Repositories.create(foreign.handle())) {
      Repositories.backup(repository, source);
    }
    MemoryStore place = damaged.fork();
    foreign.keys("packs/").forEach(key -> place.put(key, foreign.bytes(key)));
    foreign.keys("index/").forEach(key -> place.put(key, foreign.bytes(key)));
    String largest =
        sound.keys("packs/").stream()
            .max(Comparator.comparingInt(key -> sound.bytes(key).length))
            .orElseThrow();
    place.put("packs/00/" + "00".repeat(16), sound.bytes(largest));
    place.put("index/" + "00".repeat(16), sound.bytes(sound.keys("index/").iterator().next()));
    place.put("keys/" + "00".repeat(16), foreign.bytes(foreign.keys("keys/").iterator().next()));
    place.put("log/0000000000000003", foreign.bytes("log/0000000000000001"));
    place.put("checkpoints/0000000000000002-" + "00".repeat(16), new byte[500]);
    repairAndJudge(place);
    try (Repository repository = open(place.handle(), false)) {
      for (String key : foreign.keys("packs/")) {
        assertTrue(place.keys().contains(key));
      }
      assertTrue(repository.check(CheckOptions.defaults()).unreferenced().packs() >= 2);
    }
  }

  /** Repairs until there is nothing to do; then all but one file is there, and that is named. */
  private void repairAndJudge(MemoryStore place) {
    RepairReport report;
    try (Repository repository = open(place.handle(), false)) {
      repository.repair(repository.planRepair(ALL));
      report = repository.repair(repository.planRepair(ALL));
      assertFalse(repository.planRepair(ALL).hasWork());
    }
    for (CheckReport.Finding loss : report.losses()) {
      loss.affected().forEach(each -> assertTrue(LOST.contains(each.path().toString())));
    }
    assertTrue(
        report.losses().stream().anyMatch(loss -> loss.affectedCount() > 0), report.toString());
    try (Repository repository = open(place.handle(), false)) {
      boolean rewritten = false;
      for (Snapshot snapshot : repository.snapshots().list()) {
        CollectingTarget target = new CollectingTarget();
        RestoreReport restored = repository.restore(snapshot, target);
        if (target.collected().keySet().stream().noneMatch(p -> p.toString().startsWith("d"))) {
          target.assertHolds(other);
        } else if (snapshot.tags().containsKey(RewriteReport.TAG)) {
          assertTrue(restored.complete(), restored.toString());
          assertTrue(
              repository.problems(snapshot).stream()
                  .map(problem -> problem.path().orElseThrow().toString())
                  .collect(Collectors.toSet())
                  .equals(LOST));
          rewritten = true;
        } else {
          restored.holes().forEach(h -> assertTrue(LOST.contains(h.path().toString())));
          assertFalse(restored.holes().isEmpty());
        }
      }
      assertTrue(rewritten);
    }
  }

  private static Repository open(Store place, boolean inline) {
    RepositoryOptions.Builder options = Repositories.options().despiteDamage();
    return Repository.open(
        place, Repositories.KEY, inline ? options.inline().build() : options.build());
  }

  private static byte[] flip(byte[] bytes, int at) {
    bytes[at] ^= 1;
    return bytes;
  }
}
