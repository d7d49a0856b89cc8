package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.Decision;
import dev.varve.ForgetPlan.Verdict;
import dev.varve.Retention;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Snapshots are forgotten as a plan says, or not at all. */
class ForgetTest {

  private static final Instant BEGIN = Instant.parse("2026-11-01T03:00:00Z");

  private Instant now = BEGIN;
  private final MemoryStore store = new MemoryStore().clock(() -> now);
  private final MemorySource source = new MemorySource().file("a", "one").file("b", 40_000, 1);

  @Test
  void apply_dropsWhatThePlanLists_andNothingElse() {
    List<SnapshotId> ids = backups(5);
    try (Repository repository = Repositories.open(store.handle())) {
      ForgetPlan plan = repository.planForget(Retention.keepLast(2).daily(3));
      assertEquals(5, repository.snapshots().list().size());
      assertEquals(ids.subList(0, 2), ids(plan.dropped()));
      assertEquals(ids.subList(0, 2), repository.apply(plan));
      assertEquals(ids.subList(2, 5), ids(repository.snapshots().list()));
      for (Snapshot left : repository.snapshots().list()) {
        Repositories.assertRestores(repository, left, source);
      }
      ForgetPlan again = repository.planForget(Retention.keepLast(2).daily(3));
      assertEquals(List.of(), again.dropped());
      long slots = store.keys("log/").size();
      assertEquals(List.of(), repository.apply(again));
      assertEquals(slots, store.keys("log/").size());
    }
  }

  @Test
  void planForget_amongSome_looksAtNoOthers() {
    backups(3);
    MemorySource other = new MemorySource(SourceIdentity.parse("memory:other@test")).file("c", "c");
    try (Repository repository = Repositories.open(store.handle())) {
      Repositories.backup(repository, other);
      now = now.plusSeconds(60);
      Repositories.backup(repository, other);
      ForgetPlan plan =
          repository.planForget(Retention.keepLast(1), repository.snapshots().of(other.identity()));
      assertEquals(2, plan.decisions().size());
      assertEquals(1, repository.apply(plan).size());
      assertEquals(4, repository.snapshots().list().size());
    }
  }

  @Test
  void forget_byIds_dropsThose_alsoTheLast() {
    List<SnapshotId> ids = backups(2);
    try (Repository repository = Repositories.open(store.handle())) {
      assertThrows(
          ConfigurationException.class,
          () -> repository.forget(List.of(ids.get(0), SnapshotId.random())));
      assertEquals(2, repository.snapshots().list().size());
      assertEquals(ids, repository.forget(List.of(ids.get(0), ids.get(1), ids.get(0))));
      assertTrue(repository.snapshots().isEmpty());
      Snapshot next = Repositories.backup(repository, source);
      Repositories.assertRestores(repository, next, source);
    }
  }

  @Test
  void apply_afterMoreBackups_stillDropsWhatWasListed() {
    List<SnapshotId> ids = backups(3);
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.open(store.handle())) {
      ForgetPlan plan = repository.planForget(Retention.keepLast(1));
      Snapshot more = Repositories.backup(other, source);
      assertEquals(ids.subList(0, 2), repository.apply(plan));
      assertEquals(List.of(ids.get(2), more.id()), ids(repository.snapshots().list()));
    }
  }

  @Test
  void apply_whatItKeepsIsGone_isAConflict() {
    List<SnapshotId> ids = backups(3);
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.open(store.handle())) {
      ForgetPlan plan = repository.planForget(Retention.keepLast(1));
      other.forget(List.of(ids.get(2)));
      assertThrows(ConflictException.class, () -> repository.apply(plan));
      assertEquals(ids.subList(0, 2), ids(repository.snapshots().list()));
    }
  }

  @Test
  void apply_whatItDropsIsGoneAlready_dropsTheRest() {
    List<SnapshotId> ids = backups(4);
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.open(store.handle())) {
      ForgetPlan plan = repository.planForget(Retention.keepLast(2));
      other.forget(List.of(ids.get(0)));
      assertEquals(List.of(ids.get(1)), repository.apply(plan));
      assertEquals(List.of(), repository.apply(plan));
    }
  }

  /** Two that each keep the other's victim: one of them must give way. */
  @Test
  void apply_twoAtOnce_neverBothDropWhatTheOtherKeeps() {
    List<SnapshotId> ids = backups(2);
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.open(store.handle())) {
      ForgetPlan one = dropping(repository.planForget(Retention.keepLast(1)), Set.of(ids.get(0)));
      ForgetPlan two = dropping(other.planForget(Retention.keepLast(1)), Set.of(ids.get(1)));
      assertEquals(List.of(ids.get(0)), repository.apply(one));
      assertThrows(ConflictException.class, () -> other.apply(two));
      assertEquals(List.of(ids.get(1)), ids(other.snapshots().list()));
    }
  }

  @Test
  void apply_anyTwoPlansAtOnce_keepWhatBothMeantToKeep() {
    List<SnapshotId> ids = backups(5);
    Random random = Seeds.random(ForgetTest.class);
    for (int round = 0; round < 40; round++) {
      MemoryStore place = store.fork();
      try (Repository repository = Repositories.open(place.handle());
          Repository other = Repositories.open(place.handle())) {
        ForgetPlan all = repository.planForget(Retention.keepLast(5));
        Set<SnapshotId> first = some(ids, random);
        Set<SnapshotId> second = some(ids, random);
        repository.apply(dropping(all, first));
        boolean conflict = conflicts(() -> other.apply(dropping(all, second)));
        Set<SnapshotId> left = new HashSet<>(ids(other.snapshots().list()));
        for (SnapshotId id : ids) {
          if (!first.contains(id) && !second.contains(id)) {
            assertTrue(left.contains(id), "Both meant to keep " + id);
          }
        }
        assertFalse(left.isEmpty());
        // The second can only do what the first does not rely on, or has done already.
        assertEquals(!first.isEmpty() && !first.containsAll(second), conflict);
      }
    }
  }

  @Test
  void apply_foreignPlanOrOneFromTheFuture_isRefused() {
    backups(2);
    MemoryStore elsewhere = new MemoryStore();
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.create(elsewhere.handle())) {
      ForgetPlan plan = repository.planForget(Retention.keepLast(1));
      assertThrows(ConfigurationException.class, () -> other.apply(plan));
      ForgetPlan later =
          new ForgetPlan(
              plan.repository(),
              plan.position() + 1,
              plan.decisions(),
              plan.clockStep(),
              plan.confirmed());
      assertThrows(ConflictException.class, () -> repository.apply(later));
      assertEquals(2, repository.snapshots().list().size());
    }
  }

  @Test
  void planForget_storesClockLeaps_asksUntilConfirmed() {
    backups(3);
    now = now.plus(Duration.ofDays(3650));
    backup();
    now = now.plus(Duration.ofHours(1));
    backup();
    try (Repository repository = Repositories.open(store.handle())) {
      ForgetPlan plan = repository.planForget(Retention.keep().within(Period.ofDays(30)));
      assertEquals(3, plan.dropped().size());
      assertEquals(
          Duration.ofDays(3650),
          Duration.between(
                  plan.clockStep().orElseThrow().before(), plan.clockStep().orElseThrow().after())
              .minusDays(1));
      assertThrows(ConfigurationException.class, () -> repository.apply(plan));
      assertEquals(5, repository.snapshots().list().size());
      // What does not go by times need not ask.
      assertEquals(Optional.empty(), repository.planForget(Retention.keepLast(4)).clockStep());
      repository.apply(repository.planForget(Retention.keepLast(4)));
      assertTrue(
          repository.planForget(Retention.keep().daily(1)).clockStep().isEmpty(),
          "A forget that went through says that all is well");
    }
  }

  @Test
  void apply_confirmedPlan_goesThroughAndIsRemembered() {
    backups(2);
    now = now.plus(Duration.ofDays(40));
    backup();
    Retention yearlong = Retention.keep().within(Period.ofYears(1));
    try (Repository repository = Repositories.open(store.handle())) {
      ForgetPlan idle = repository.planForget(yearlong);
      assertTrue(idle.clockStep().isPresent());
      assertEquals(List.of(), repository.apply(idle));
      assertTrue(repository.planForget(yearlong).clockStep().isPresent(), "Nobody confirmed it");
      assertEquals(List.of(), repository.apply(idle.confirm()));
      assertTrue(repository.planForget(yearlong).clockStep().isEmpty());
      assertEquals(3, repository.snapshots().list().size());
    }
  }

  /** The store's clock is ten years ahead for a while, or behind, and then right again. */
  @Test
  void planForget_clockWasWrongForAWhile_keepsWhatWasDatedThen() {
    for (long days : new long[] {3650, -3650}) {
      MemoryStore place = new MemoryStore().clock(() -> now);
      now = BEGIN;
      try (Repository repository = Repositories.create(place.handle())) {
        SnapshotId before = Repositories.backup(repository, source).id();
        now = BEGIN.plus(Duration.ofDays(days + 1));
        SnapshotId wrong = Repositories.backup(repository, source).id();
        now = BEGIN.plus(Duration.ofDays(2));
        SnapshotId right = Repositories.backup(repository, source).id();
        now = BEGIN.plus(Duration.ofDays(3));
        SnapshotId newest = Repositories.backup(repository, source).id();
        ForgetPlan plan =
            repository.planForget(Retention.keep().within(Period.ofDays(10))).confirm();
        repository.apply(plan);
        Set<SnapshotId> left = new HashSet<>(ids(repository.snapshots().list()));
        assertEquals(Set.of(before, wrong, right, newest), left, days + " days off");
      }
    }
  }

  @Test
  void clientsClock_hasNoSay() {
    List<SnapshotId> ids = backups(2);
    try (Repository repository = Repositories.open(store.handle())) {
      // Claimed times are of now, the store's of 2026-11-01.
      ForgetPlan plan = repository.planForget(Retention.keep().within(Period.ofDays(2)));
      assertEquals(List.of(), plan.dropped());
      assertEquals(ids, ids(plan.kept()));
    }
  }

  @Test
  void forget_anyCallFails_dropsAllOrNothingAndTheNextSucceeds() throws Exception {
    List<SnapshotId> ids = backups(3);
    FaultSweep.Result result =
        FaultSweep.on(store)
            .run(
                place -> {
                  try (Repository repository = Repositories.openInline(place)) {
                    repository.apply(repository.planForget(Retention.keepLast(1)));
                  }
                },
                (fault, place, failure) -> {
                  assertTrue(failure.isEmpty() || failure.get() instanceof BackupException);
                  try (Repository repository = Repositories.open(place)) {
                    List<SnapshotId> left = ids(repository.snapshots().list());
                    assertTrue(left.equals(ids) || left.equals(ids.subList(2, 3)), left.toString());
                    assertTrue(failure.isPresent() || left.size() == 1, "It said it did");
                    repository.apply(repository.planForget(Retention.keepLast(1)));
                    assertEquals(ids.subList(2, 3), ids(repository.snapshots().list()));
                    Repositories.assertRestores(
                        repository, repository.snapshots().latest().orElseThrow(), source);
                  }
                });
    assertTrue(result.cases() > 30, result.toString());
    assertTrue(result.failures() > 5, result.toString());
  }

  interface Verb {
    void run();
  }

  private static boolean conflicts(Verb verb) {
    try {
      verb.run();
      return false;
    } catch (ConflictException e) {
      return true;
    }
  }

  /** The same plan with other verdicts. */
  private static ForgetPlan dropping(ForgetPlan plan, Set<SnapshotId> dropped) {
    Function<Decision, Decision> judge =
        decision ->
            new Decision(
                decision.snapshot(),
                decision.group(),
                dropped.contains(decision.snapshot().id()) ? Verdict.DROP : Verdict.KEEP,
                List.of("test"));
    return new ForgetPlan(
        plan.repository(),
        plan.position(),
        plan.decisions().stream().map(judge).toList(),
        Optional.empty(),
        false);
  }

  /** Some, but not all. */
  private static Set<SnapshotId> some(List<SnapshotId> ids, Random random) {
    Set<SnapshotId> some = new HashSet<>(ids);
    some.removeIf(id -> random.nextBoolean());
    some.remove(ids.get(random.nextInt(ids.size())));
    return some;
  }

  /** Backups a day apart, the first at the beginning. */
  private List<SnapshotId> backups(int count) {
    List<SnapshotId> ids = new ArrayList<>();
    try (Repository repository = Repositories.create(store.handle())) {
      for (int i = 0; i < count; i++) {
        ids.add(Repositories.backup(repository, source).id());
        now = now.plus(Duration.ofDays(1));
      }
    }
    return ids;
  }

  private SnapshotId backup() {
    try (Repository repository = Repositories.open(store.handle())) {
      return Repositories.backup(repository, source).id();
    }
  }

  private static List<SnapshotId> ids(List<Snapshot> snapshots) {
    return snapshots.stream().map(Snapshot::id).toList();
  }
}
