package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.CorruptRepositoryException;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairReport;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Items of every kind are lost, flipped and cut, then repaired: whatever is intact restores, all
 * else is named by snapshot and path, and the next backup heals what it can read again.
 */
class AfterRepairTest {

  private static final RepairOptions ALL =
      RepairOptions.builder()
          .level(CheckOptions.Level.DATA)
          .giveUpSlots()
          .rewriteSnapshots()
          .readerDelay(Duration.ZERO)
          .build();

  private final Random random = Seeds.random(AfterRepairTest.class);
  private final MemoryStore store = new MemoryStore();
  private final List<MemorySource> sources = new ArrayList<>();

  @BeforeEach
  void prepare() {
    try (Repository repository = Repositories.create(store.handle())) {
      for (int i = 0; i < 3; i++) {
        MemorySource source =
            new MemorySource(SourceIdentity.parse("memory:s" + i + "@test"))
                .directory("d")
                .file("d/common", 200_000, 7)
                .file("d/own" + i, 50_000, i)
                .file("empty", "");
        sources.add(source);
        Repositories.backup(repository, source);
      }
    }
  }

  @Test
  void anyItemLost_everythingIntactRestores_everythingElseIsNamed() {
    for (String key : store.keys()) {
      if (!key.startsWith("keys/")) {
        judge(key + " lost", place -> place.remove(key));
      }
    }
  }

  @Test
  void anyItemFlipped_everythingIntactRestores_everythingElseIsNamed() {
    for (String key : store.keys()) {
      if (!key.startsWith("keys/") && !key.equals("config")) {
        int at = random.nextInt(store.bytes(key).length);
        judge(key + " flipped at " + at, place -> place.corrupt(key, bytes -> flip(bytes, at)));
      }
    }
  }

  @Test
  void anyItemCut_everythingIntactRestores_everythingElseIsNamed() {
    for (String key : store.keys()) {
      if (!key.startsWith("keys/") && !key.equals("config")) {
        int length = random.nextInt(store.bytes(key).length);
        judge(
            key + " cut to " + length,
            place -> place.corrupt(key, bytes -> Arrays.copyOf(bytes, length)));
      }
    }
  }

  @Test
  void severalAtOnce_everythingIntactRestores_everythingElseIsNamed() {
    List<String> keys = new ArrayList<>(store.keys());
    keys.removeIf(key -> key.startsWith("keys/") || key.equals("config"));
    long end = Seeds.end();
    for (int round = 0; round < 5 || System.nanoTime() < end; round++) {
      List<String> chosen = new ArrayList<>();
      MemoryStore damaged = store.fork();
      for (int n = 0; n < 3; n++) {
        String key = keys.get(random.nextInt(keys.size()));
        if (chosen.contains(key)) {
          continue;
        }
        chosen.add(key);
        switch (random.nextInt(3)) {
          case 0 -> damaged.remove(key);
          case 1 -> damaged.corrupt(key, bytes -> flip(bytes, random.nextInt(bytes.length)));
          default ->
              damaged.corrupt(key, bytes -> Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
      }
      if (opens(damaged)) {
        judge(chosen.toString(), damaged);
      } else {
        assertTrue(isBeginningLost(damaged), chosen.toString());
      }
    }
  }

  private static boolean opens(MemoryStore place) {
    try (Repository repository = openDespite(place)) {
      return !repository.id().isEmpty();
    } catch (CorruptRepositoryException refused) {
      return false;
    }
  }

  /** Without slot 0, nor the copy in slot 1, there are no settings: nothing is made of that. */
  private boolean isBeginningLost(MemoryStore damaged) {
    return !has(damaged, "log/0000000000000000") && !has(damaged, "log/0000000000000001");
  }

  private boolean has(MemoryStore place, String key) {
    return place.keys().contains(key) && Arrays.equals(place.bytes(key), store.bytes(key));
  }

  @Test
  void nextBackup_afterRepair_heals() {
    for (String pack : store.keys("packs/")) {
      MemoryStore place = store.fork();
      place.remove(pack);
      repair(place, ALL);
      try (Repository repository = Repositories.open(place.handle())) {
        for (MemorySource source : sources) {
          Repositories.assertRestores(repository, Repositories.backup(repository, source), source);
        }
      }
      RepairReport healed = repair(place, ALL);
      assertEquals(List.of(), healed.losses(), pack);
      assertVerdict(place, pack);
    }
  }

  @Test
  void nextBackup_afterCheckThatRecords_heals() {
    for (String pack : store.keys("packs/")) {
      MemoryStore place = store.fork();
      place.corrupt(pack, bytes -> flip(bytes, 150));
      try (Repository repository = Repositories.open(place.handle())) {
        CheckOptions.Builder data = CheckOptions.builder().level(CheckOptions.Level.DATA);
        List<String> before = List.copyOf(place.keys());
        assertEquals(0, repository.check(data.build()).recorded());
        assertEquals(before, List.copyOf(place.keys()));
        assertEquals(1, repository.check(data.record().build()).recorded());
        for (MemorySource source : sources) {
          Repositories.assertRestores(repository, Repositories.backup(repository, source), source);
        }
        CheckReport after = repository.check(data.build());
        assertTrue(after.clean(), after.toString());
      }
    }
  }

  @Test
  void damageThatWasNone_isWithdrawn() {
    String pack = store.keys("packs/").iterator().next();
    MemoryStore place = store.fork();
    place.corrupt(pack, bytes -> flip(bytes, 150));
    try (Repository repository = Repositories.open(place.handle())) {
      CheckOptions recording =
          CheckOptions.builder().level(CheckOptions.Level.DATA).record().build();
      assertEquals(1, repository.check(recording).recorded());
      place.put(pack, store.bytes(pack));
      assertEquals(1, repository.check(recording).recorded());
      assertTrue(repository.check(recording).clean());
      assertFalse(repository.planRepair(ALL).hasWork());
    }
  }

  @Test
  void boundedChecks_comeRoundToEveryPack() {
    int packs = store.keys("packs/").size();
    try (Repository repository = Repositories.open(store.handle())) {
      long read = 0;
      CheckOptions one = CheckOptions.builder().level(CheckOptions.Level.DATA).mostBytes(1).build();
      for (int i = 0; i < packs; i++) {
        CheckReport report = repository.check(one);
        assertEquals(1, report.packsRead());
        assertEquals(packs - 1, report.packsLeft());
        read += report.bytes();
      }
      long all =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).bytes();
      assertEquals(all, read);
    }
  }

  @Test
  void strayItems_areCountedAndNoDamage() {
    MemoryStore place = store.fork();
    place.put("packs/00/" + "00".repeat(16), new byte[100]);
    place.put("packs/ff/" + "ff".repeat(16), new byte[100]);
    place.put("index/" + "00".repeat(16), new byte[50]);
    try (Repository repository = Repositories.open(place.handle())) {
      CheckReport report = repository.check(CheckOptions.defaults());
      assertTrue(report.clean(), report.toString());
      assertEquals(new CheckReport.Unreferenced(2, 200, 1, 50), report.unreferenced());
      assertFalse(repository.planRepair(ALL).hasWork());
    }
  }

  private void judge(String what, Consumer<MemoryStore> damage) {
    MemoryStore place = store.fork();
    damage.accept(place);
    judge(what, place);
  }

  /** What cannot be told, a lost head of the log, is told by what the log held before. */
  private void judge(String what, MemoryStore place) {
    try {
      List<String> before = List.copyOf(place.keys());
      repair(place, ALL);
      RepairReport second = repair(place, ALL);
      assertTrue(place.keys().containsAll(before), "something was deleted");
      try (Repository repository = openDespite(place)) {
        RepairPlan third = repository.planRepair(ALL);
        assertFalse(third.hasWork(), third.toString());
      }
      assertVerdict(place, second);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("After " + what + ": " + e, e);
    }
  }

  private void assertVerdict(MemoryStore place, String what) {
    try (Repository repository = Repositories.open(place.handle())) {
      CheckReport check =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(check.clean(), what + ": " + check.findings());
    }
  }

  /** Every snapshot that is left restores but for what the report names. */
  private void assertVerdict(MemoryStore place, RepairReport report) {
    Set<String> lost = new HashSet<>();
    report
        .losses()
        .forEach(
            loss ->
                loss.affected()
                    .forEach(each -> lost.add(each.snapshot().hex() + " " + each.path())));
    try (Repository repository = openDespite(place)) {
      for (Snapshot snapshot : repository.snapshots().list()) {
        MemorySource source =
            sources.stream()
                .filter(each -> each.identity().equals(snapshot.source()))
                .findFirst()
                .orElseThrow();
        if (lost.contains(snapshot.id().hex() + " /")) {
          continue;
        }
        CollectingTarget target = new CollectingTarget();
        RestoreReport restored = repository.restore(snapshot, target);
        for (Hole hole : restored.holes()) {
          assertTrue(lost.contains(snapshot.id().hex() + " " + hole.path()), hole.toString());
        }
        List<Problem> told = new ArrayList<>(repository.problems(snapshot));
        told.addAll(restored.problems());
        for (EntryPath path : source.entries().keySet()) {
          boolean named =
              lost.contains(snapshot.id().hex() + " " + path)
                  || told.stream().anyMatch(problem -> Verdict.names(problem, path));
          boolean there = target.collected().containsKey(path);
          assertTrue(named || there, () -> path + " of " + snapshot.id());
          if (there && !named && requireNonNull(source.entries().get(path)).kind().hasContent()) {
            assertTrue(
                Arrays.equals(
                    source.content(path), requireNonNull(target.collected().get(path)).bytes()),
                () -> "wrong bytes of " + path);
          }
        }
      }
    }
  }

  private static RepairReport repair(MemoryStore place, RepairOptions options) {
    try (Repository repository = openDespite(place)) {
      return repository.repair(repository.planRepair(options));
    }
  }

  private static Repository openDespite(MemoryStore place) {
    return Repository.open(
        place.handle(), Repositories.KEY, Repositories.options().despiteDamage().build());
  }

  private static byte[] flip(byte[] bytes, int at) {
    bytes[at] ^= 1;
    return bytes;
  }
}
