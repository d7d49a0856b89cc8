package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.CorruptRepositoryException;
import dev.varve.LostSnapshot;
import dev.varve.RepairOptions;
import dev.varve.RepairPlan;
import dev.varve.RepairPlan.Kind;
import dev.varve.RepairReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.key.KeyFile;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The config and slots of the log are lost, damaged or rolled back, and put right or given up. */
class LogRepairTest {

  private static final RepairOptions GIVING_UP =
      RepairOptions.builder().giveUpSlots().readerDelay(Duration.ZERO).build();

  private final MemoryStore store = new MemoryStore();
  private final List<MemorySource> sources = new ArrayList<>();
  private final Map<String, LogMemory.Position> remembered = new HashMap<>();
  private String id = "";

  @BeforeEach
  void prepare() {
    try (Repository repository = Repositories.create(store.handle())) {
      id = repository.id();
      for (int i = 0; i < 4; i++) {
        sources.add(
            new MemorySource(SourceIdentity.parse("memory:s" + i + "@test"))
                .file("own", 30_000, i)
                .file("common", 100_000, 99));
        Repositories.backup(repository, sources.get(i));
      }
    }
  }

  @Test
  void missingSlots_thatSuccessorsKnow_arePutBackByteForByte() {
    for (long slot = 0; slot < 4; slot++) {
      MemoryStore place = store.fork();
      place.remove(slot(slot));
      RepairReport report = repair(place, RepairOptions.defaults());
      assertTrue(report.complete(), report.toString());
      assertArrayEquals(store.bytes(slot(slot)), place.bytes(slot(slot)));
      assertWell(place, 4);
    }
  }

  @Test
  void missingSlots_everyOther_arePutBack() {
    MemoryStore place = store.fork();
    place.remove(slot(1));
    place.remove(slot(3));
    assertTrue(repair(place, RepairOptions.defaults()).complete());
    assertEquals(store.keys(), place.keys());
    assertWell(place, 4);
  }

  @Test
  void missingSlot_whoseSuccessorIsDamagedItself_isPutBackAcrossIt() {
    MemoryStore place = store.fork();
    place.remove(slot(0));
    place.corrupt(slot(1), LogRepairTest::flip);
    repair(place, RepairOptions.defaults());
    assertArrayEquals(store.bytes(slot(0)), place.bytes(slot(0)));
    try (Repository repository = Repositories.open(place.handle())) {
      assertEquals(List.of(0, 1, 2, 3), restorable(repository));
    }
  }

  @Test
  void damagedSlotThatItsSuccessorKnows_isLeftAndSaidSo() {
    MemoryStore place = store.fork();
    place.corrupt(slot(2), LogRepairTest::flip);
    RepairReport report = repair(place, GIVING_UP);
    assertEquals(List.of(), report.done());
    assertTrue(report.left().stream().allMatch(step -> step.kind() == Kind.ADVICE));
    place.remove(slot(2));
    assertTrue(repair(place, GIVING_UP).complete());
    assertArrayEquals(store.bytes(slot(2)), place.bytes(slot(2)));
  }

  @Test
  void snapshotOfALostSlot_isOfferedAndBroughtBackByChoice_forgottenOnesAreNot() {
    MemoryStore place = store.fork();
    Snapshot forgotten;
    try (Repository repository = Repositories.open(place.handle())) {
      forgotten = repository.snapshots().list().get(0);
      repository.forget(List.of(forgotten.id()));
      assertEquals(List.of(), repository.lostSnapshots());
    }
    place.remove(slot(2));
    place.remove(slot(3));
    repair(place, GIVING_UP);
    SourceIdentity source = sources.get(1).identity();
    try (Repository repository = Repositories.open(place.handle())) {
      List<LostSnapshot> lost = repository.lostSnapshots();
      assertEquals(1, lost.size(), lost::toString);
      assertEquals(2, lost.get(0).entries());
      assertEquals(130_000, lost.get(0).bytes());
      assertTrue(lost.get(0).whole());
      assertEquals("common", lost.get(0).first().toString());
      assertThrows(ConfigurationException.class, () -> repository.bringBack(lost.get(0), source));
    }
    repair(place, GIVING_UP);
    try (Repository repository = Repositories.open(place.handle())) {
      LostSnapshot lost = repository.lostSnapshots().get(0);
      Snapshot back = repository.bringBack(lost, source);
      assertFalse(back.timeKnown());
      assertEquals(lost.root(), back.tags().get(LostSnapshot.TAG));
      Repositories.assertRestores(repository, back, sources.get(1));
      assertEquals(List.of(), repository.lostSnapshots());
      assertThrows(ConfigurationException.class, () -> repository.bringBack(lost, source));
      assertTrue(
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean());
      // Another is found unchanged in what came back.
      assertEquals(0, repository.backup(sources.get(1)).statistics().addedBytes());
    }
  }

  @Test
  void snapshotOfALostSlot_whoseContentsAreGone_isNotBroughtBack() {
    MemoryStore place = store.fork();
    Set<String> stored = new HashSet<>(store.keys("packs/"));
    try (Repository repository = Repositories.open(place.handle())) {
      MemorySource many = new MemorySource(SourceIdentity.parse("memory:many@test"));
      for (int i = 0; i < 3000; i++) {
        many.file(String.format("file%05d", i), "of some length, and the same in all");
      }
      many.file("large", 2_000_000, 5);
      repository.backup(many);
    }
    place.remove(slot(5));
    RepairOptions accepting =
        RepairOptions.builder().acceptRollback().readerDelay(Duration.ZERO).build();
    repair(place, accepting);
    repair(place, accepting);
    try (Repository repository = Repositories.open(place.handle())) {
      List<LostSnapshot> lost = repository.lostSnapshots();
      assertEquals(1, lost.size(), lost::toString);
      assertEquals(3001, lost.get(0).entries());
      MemoryStore whole = place.fork();
      try (Repository other = Repositories.open(whole.handle())) {
        Snapshot back = other.bringBack(lost.get(0), SourceIdentity.parse("memory:many@test"));
        assertTrue(other.restore(back, new CollectingTarget()).complete());
      }
      String data =
          place.keys("packs/").stream()
              .filter(key -> !stored.contains(key) && place.bytes(key)[4] == 'D')
              .findFirst()
              .orElseThrow();
      place.remove(data);
      assertThrows(
          ConflictException.class,
          () -> repository.bringBack(lost.get(0), SourceIdentity.parse("memory:many@test")));
      assertEquals(4, repository.snapshots().list().size());
    }
  }

  @Test
  void lostNeighbours_areGivenUpOnlyOnRequest_andTheOthersRestore() {
    MemoryStore place = store.fork();
    place.remove(slot(2));
    place.remove(slot(3));
    assertThrows(CorruptRepositoryException.class, () -> Repositories.open(place.handle()));
    try (Repository repository = openDespite(place)) {
      assertEquals(List.of(0, 2, 3), restorable(repository));
      assertThrows(BackupException.class, () -> Repositories.backup(repository, sources.get(1)));
      RepairReport careful = repository.repair(repository.planRepair(RepairOptions.defaults()));
      assertEquals(
          List.of(Kind.PUT_BACK_SLOT), careful.done().stream().map(RepairPlan.Step::kind).toList());
    }
    assertThrows(CorruptRepositoryException.class, () -> Repositories.open(place.handle()));

    RepairReport given = repair(place, GIVING_UP);
    assertTrue(given.done().stream().anyMatch(step -> step.kind() == Kind.GIVE_UP_SLOT));
    try (Repository repository = Repositories.open(place.handle())) {
      assertEquals(List.of(0, 2, 3), restorable(repository));
    }
    RepairReport resumed = repair(place, GIVING_UP);
    assertTrue(
        resumed.done().stream().anyMatch(step -> step.kind() == Kind.RESUME_PACKS),
        resumed.toString());
    try (Repository repository = Repositories.open(place.handle())) {
      Snapshot again = repository.backup(sources.get(3)).snapshot();
      assertEquals(0, again.statistics().addedChunks());
      Repositories.assertRestores(repository, again, sources.get(3));
    }
  }

  @Test
  void damagedHead_isGivenUp_andNothingStoredBeforeIsReliedOnUntilResumed() {
    MemoryStore place = store.fork();
    place.corrupt(slot(4), LogRepairTest::flip);
    RepairOptions patient = RepairOptions.builder().giveUpSlots().build();
    repair(place, patient);
    try (Repository repository = Repositories.open(place.handle())) {
      assertEquals(List.of(0, 1, 2), restorable(repository));
      RepairPlan plan = repository.planRepair(patient);
      assertTrue(
          plan.steps().stream()
              .anyMatch(step -> step.kind() == Kind.RESUME_PACKS && step.due().isPresent()),
          plan.toString());
      assertFalse(plan.hasWork());
      Snapshot anew = Repositories.backup(repository, sources.get(3));
      assertTrue(anew.statistics().addedChunks() > 0);
      Repositories.assertRestores(repository, anew, sources.get(3));
    }
    RepairReport report = repair(place, GIVING_UP);
    assertTrue(report.complete(), report.toString());
    assertWell(place, 4);
  }

  @Test
  void lostSlotsThatRegisteredPacks_whatLaterSnapshotsNeedOfThemIsFoundAgain() {
    MemoryStore place = store.fork();
    place.remove(slot(1));
    place.corrupt(slot(2), LogRepairTest::flip);
    place.corrupt(slot(2), bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    RepairReport report = repair(place, GIVING_UP);
    assertTrue(
        report.done().stream().anyMatch(step -> step.kind() == Kind.GIVE_UP_SLOT),
        report.toString());
    assertTrue(
        report.done().stream().anyMatch(step -> step.kind() == Kind.RECOVER), report.toString());
    assertEquals(List.of(), report.losses());
    try (Repository repository = Repositories.open(place.handle())) {
      assertEquals(List.of(1, 2, 3), restorable(repository));
    }
  }

  @Test
  void configMissing_isMadeAgainFromTheKeySlot() {
    MemoryStore place = store.fork();
    place.remove("config");
    assertThrows(BackupException.class, () -> Repositories.open(place.handle()));
    assertThrows(
        BackupException.class,
        () ->
            Repository.open(
                place.handle(),
                KeyFile.generate(),
                Repositories.options().despiteDamage().build()));
    RepairReport report = repair(place, RepairOptions.defaults());
    assertTrue(report.complete(), report.toString());
    assertArrayEquals(store.bytes("config"), place.bytes("config"));
    assertWell(place, 4);
  }

  @Test
  void configDamaged_isNotOverwritten_butEverythingRestores() {
    MemoryStore place = store.fork();
    place.put("config", "{}".getBytes(StandardCharsets.UTF_8));
    try (Repository repository = openDespite(place)) {
      assertEquals(List.of(0, 1, 2, 3), restorable(repository));
      RepairPlan plan = repository.planRepair(RepairOptions.defaults());
      assertEquals(List.of(Kind.ADVICE), plan.steps().stream().map(RepairPlan.Step::kind).toList());
      repository.repair(plan);
    }
    assertEquals("{}", new String(place.bytes("config"), StandardCharsets.UTF_8));
  }

  @Test
  void rollback_isRefusedUntilAccepted_thenMissingPacksAreNamedAndTheOthersResumed() {
    MemoryStore old = store.fork();
    try (Repository repository = openRemembering(store)) {
      Repositories.backup(repository, sources.get(0));
    }
    assertThrows(CorruptRepositoryException.class, () -> openRemembering(old));
    RepairOptions accepting =
        RepairOptions.builder().acceptRollback().readerDelay(Duration.ZERO).build();
    try (Repository repository = openRememberingDespite(old)) {
      assertEquals(List.of(0, 1, 2, 3), restorable(repository));
      assertFalse(repository.planRepair(RepairOptions.defaults()).hasWork());
      assertThrows(BackupException.class, () -> Repositories.backup(repository, sources.get(1)));
      RepairReport report = repository.repair(repository.planRepair(accepting));
      assertTrue(report.done().stream().anyMatch(step -> step.kind() == Kind.ACCEPT_ROLLBACK));
    }
    try (Repository repository = openRemembering(old)) {
      RepairReport report = repository.repair(repository.planRepair(accepting));
      assertTrue(report.complete(), report.toString());
      Repositories.backup(repository, sources.get(0));
      assertEquals(List.of(0, 1, 2, 3, 0), restorable(repository));
    }
  }

  @Test
  void newerSlots_areSaidToBeNewer_andNeverGivenUp() {
    MemoryStore head = store.fork();
    head.corrupt(slot(4), LogRepairTest::newer);
    ConfigurationException told =
        assertThrows(ConfigurationException.class, () -> Repositories.open(head.handle()));
    assertTrue(String.valueOf(told.getMessage()).contains("newer Varve"), told.toString());
    RepairReport report = repair(head, GIVING_UP);
    assertEquals(List.of(), report.done());
    assertEquals(store.keys(), head.keys());

    MemoryStore keys = store.fork();
    keys.keys("keys/").forEach(key -> keys.corrupt(key, LogRepairTest::newer));
    ConfigurationException locked =
        assertThrows(ConfigurationException.class, () -> Repositories.open(keys.handle()));
    assertTrue(String.valueOf(locked.getMessage()).contains("newer Varve"), locked.toString());
  }

  private static String slot(long number) {
    return String.format("log/%016x", number);
  }

  private static byte[] flip(byte[] bytes) {
    bytes[40] ^= 1;
    return bytes;
  }

  private static byte[] newer(byte[] bytes) {
    bytes[5] = 2;
    return bytes;
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

  private Repository openRemembering(MemoryStore place) {
    return Repository.open(place.handle(), Repositories.KEY, remembering().build());
  }

  private Repository openRememberingDespite(MemoryStore place) {
    return Repository.open(place.handle(), Repositories.KEY, remembering().despiteDamage().build());
  }

  private RepositoryOptions.Builder remembering() {
    return Repositories.options()
        .logMemory(
            new LogMemory() {
              @Override
              public Optional<Position> recall(String repository) {
                assertEquals(id, repository);
                return Optional.ofNullable(remembered.get(repository));
              }

              @Override
              public void remember(String repository, Position position) {
                remembered.put(repository, position);
              }
            });
  }

  /** Which sources have a snapshot, each of which restores. */
  private List<Integer> restorable(Repository repository) {
    List<Integer> found = new ArrayList<>();
    for (Snapshot snapshot : repository.snapshots().list()) {
      for (int i = 0; i < sources.size(); i++) {
        if (sources.get(i).identity().equals(snapshot.source())) {
          Repositories.assertRestores(repository, snapshot, sources.get(i));
          found.add(i);
        }
      }
    }
    return found;
  }

  private void assertWell(MemoryStore place, int snapshots) {
    try (Repository repository = Repositories.open(place.handle())) {
      assertEquals(snapshots, restorable(repository).size());
      CheckReport check =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(check.clean(), check.toString());
    }
  }
}
