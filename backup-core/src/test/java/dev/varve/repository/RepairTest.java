package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Items are lost or damaged, a repair is planned and done, and everything intact restores. */
class RepairTest {

  private static final RepairOptions DATA =
      RepairOptions.builder().level(CheckOptions.Level.DATA).build();

  private final MemoryStore store = new MemoryStore();
  private final List<MemorySource> sources =
      List.of(
          new MemorySource().directory("d").file("d/a", "one").file("d/large", 150_000, 1),
          new MemorySource().directory("d").file("d/b", "two").file("d/large", 150_000, 1));

  @BeforeEach
  void prepare() {
    try (Repository repository = Repositories.create(store.handle())) {
      sources.forEach(source -> Repositories.backup(repository, source));
    }
  }

  @Test
  void planRepair_nothingWrong_hasNoSteps() {
    try (Repository repository = Repositories.open(store.handle())) {
      List<String> before = List.copyOf(store.keys());
      RepairPlan plan = repository.planRepair(DATA);
      assertEquals(List.of(), plan.steps());
      assertEquals(before, List.copyOf(store.keys()));
    }
  }

  @Test
  void repair_runsLost_indexIsMadeAgainFromPacks() {
    for (List<String> lost : List.of(List.copyOf(store.keys("index/")), first("index/"))) {
      MemoryStore place = store.fork();
      lost.forEach(place::remove);
      assertHeals(place);
    }
  }

  @Test
  void repair_runsDamagedAnywhere_indexIsMadeAgain() {
    String run = first("index/").get(0);
    int length = store.bytes(run).length;
    for (int at = 0; at < length; at += 509) {
      MemoryStore place = store.fork();
      int flipped = at;
      place.corrupt(run, bytes -> flip(bytes, flipped));
      assertHeals(place);
    }
    MemoryStore cut = store.fork();
    cut.corrupt(run, bytes -> Arrays.copyOf(bytes, length - 4096));
    assertHeals(cut);
  }

  @Test
  void repair_footersDamaged_contentsAreStoredAnew() {
    for (String pack : store.keys("packs/")) {
      MemoryStore place = store.fork();
      place.corrupt(pack, bytes -> flip(bytes, bytes.length - 10));
      assertHeals(place);
    }
  }

  @Test
  void repair_indexAndFootersLost_chunksAreFoundByMarkersAndIds() {
    MemoryStore place = store.fork();
    List.copyOf(place.keys("index/")).forEach(place::remove);
    for (String pack : place.keys("packs/")) {
      place.corrupt(pack, bytes -> flip(bytes, bytes.length - 10));
    }
    assertHeals(place);
  }

  /** Of a long catalog chunks lie before, behind and between those that are looked for. */
  @Test
  void repair_indexAndFootersLost_findsCatalogsOfManyChunksToo() {
    MemorySource many = new MemorySource(SourceIdentity.parse("memory:many@test"));
    for (int i = 0; i < 6000; i++) {
      many.file(String.format("file%05d", i), "of some length, and the same in all");
    }
    MemoryStore place = store.fork();
    try (Repository repository = Repositories.open(place.handle())) {
      Repositories.backup(repository, many);
      Repositories.backup(repository, many.file("file03000", "edited"));
    }
    List.copyOf(place.keys("index/")).forEach(place::remove);
    for (String pack : place.keys("packs/")) {
      place.corrupt(pack, bytes -> flip(bytes, bytes.length - 10));
    }
    assertHeals(place);
    try (Repository repository = Repositories.open(place.handle())) {
      Repositories.assertRestores(repository, repository.snapshots().latest().orElseThrow(), many);
    }
  }

  @Test
  void repair_packsCutShort_whatIsLeftIsStoredAnew() {
    for (String pack : store.keys("packs/")) {
      MemoryStore place = store.fork();
      place.corrupt(pack, bytes -> Arrays.copyOf(bytes, bytes.length - 5));
      assertHeals(place);
    }
  }

  @Test
  void repair_headersDamaged_blocksAreOpenedByTheKeyInTheIndex() {
    for (String pack : store.keys("packs/")) {
      MemoryStore place = store.fork();
      place.corrupt(pack, bytes -> flip(bytes, 30));
      assertHeals(place);
    }
  }

  /** Repairs, and expects everything to be well afterwards. */
  private void assertHeals(MemoryStore place) {
    List<String> before = List.copyOf(place.keys());
    try (Repository repository = Repositories.open(place.handle())) {
      RepairPlan plan = repository.planRepair(DATA);
      assertEquals(before, List.copyOf(place.keys()), "planning changed something");
      assertTrue(plan.hasWork(), plan.toString());
      RepairReport report = repository.repair(plan);
      assertTrue(report.complete(), report.toString());
      assertTrue(place.keys().containsAll(before), "repair deleted something");
      assertFalse(repository.planRepair(DATA).hasWork());
    }
    try (Repository repository = Repositories.open(place.handle())) {
      List<Snapshot> snapshots = repository.snapshots().list();
      for (int i = 0; i < sources.size(); i++) {
        Repositories.assertRestores(repository, snapshots.get(i), sources.get(i));
      }
      CheckReport check =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(check.clean(), check.toString());
    }
  }

  private List<String> first(String prefix) {
    return List.of(store.keys(prefix).iterator().next());
  }

  private static byte[] flip(byte[] bytes, int at) {
    bytes[at] ^= 1;
    return bytes;
  }
}
