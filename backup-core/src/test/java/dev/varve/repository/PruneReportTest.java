package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PrunePlan.Amount;
import dev.varve.PrunePlan.Due;
import dev.varve.PrunePlan.Step;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.prune.ClockedPrune;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.StoreCall;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What prune says it does, and when: every amount and every time, to the item and to the moment.
 */
class PruneReportTest {

  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration DELAY = Duration.ofHours(1);
  private static final PruneOptions NOW =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).build();

  private Instant time = Instant.parse("2026-03-01T02:00:00Z");
  private final MemoryStore store = new MemoryStore().clock(() -> time);
  private final MemorySource small =
      new MemorySource().directory("d").file("d/a", "one").file("d/b", 9_000, 7);

  private void pass(Duration more) {
    time = time.plus(more);
  }

  /** What a machine plans whose clock is that of the store. */
  private PrunePlan plan(Repository repository) throws IOException {
    return ClockedPrune.plan(
        repository.vault(), PruneOptions.defaults(), () -> time, Listener.NONE);
  }

  private Amount amount(Collection<String> keys) {
    return new Amount(keys.size(), keys.stream().mapToLong(key -> store.bytes(key).length).sum());
  }

  private SortedSet<String> packs() {
    return new TreeSet<>(store.keys("packs/"));
  }

  /** The packs that came since. */
  private SortedSet<String> since(SortedSet<String> before) {
    SortedSet<String> more = packs();
    more.removeAll(before);
    return more;
  }

  private Snapshot large(Repository repository, int seed) {
    // Of another name, since a file of the same size and time counts as the same.
    return Repositories.backup(repository, new MemorySource().file("only" + seed, 300_000, seed));
  }

  @Test
  void steps_onePackAfterTheOther_areSaidToTheItemAndToTheMoment() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot kept = Repositories.backup(repository, small);
      final Amount needed = amount(packs());
      SortedSet<String> before = packs();
      Snapshot dropped = large(repository, 1);
      final Amount garbage = amount(since(before));
      Forgetting.forget(store.handle(), dropped);

      PrunePlan plan = plan(repository);
      assertEquals(garbage, plan.retire());
      assertEquals(needed, plan.kept());
      assertEquals(Amount.NONE, plan.spared());
      assertEquals(List.of(), plan.due());
      assertTrue(plan.usedBytes() > 0 && plan.usedBytes() <= needed.bytes(), plan::toString);
      PruneReport retired = repository.prune();
      assertEquals(garbage, retired.retired());
      assertEquals(Amount.NONE, retired.condemned());
      Instant condemning = time.plus(GRACE);
      List<Due> grace = List.of(new Due(Step.CONDEMN, garbage, Optional.of(condemning)));
      assertEquals(grace, retired.due());

      pass(GRACE.minusMillis(1));
      plan = plan(repository);
      assertEquals(Amount.NONE, plan.condemn());
      assertEquals(grace, plan.due());
      assertTrue(plan.isEmpty());
      assertTrue(repository.prune().isEmpty());

      time = condemning;
      plan = plan(repository);
      assertEquals(garbage, plan.condemn());
      assertEquals(List.of(), plan.due());
      assertFalse(plan.isEmpty());
      PruneReport condemned = repository.prune();
      assertEquals(garbage, condemned.condemned());
      Instant deleting = time.plus(DELAY);
      List<Due> delay = List.of(new Due(Step.DELETE, garbage, Optional.of(deleting)));
      assertEquals(delay, condemned.due());

      pass(DELAY.minusMillis(1));
      plan = plan(repository);
      assertEquals(Amount.NONE, plan.delete());
      assertEquals(delay, plan.due());
      assertTrue(repository.prune().isEmpty());

      time = deleting;
      plan = plan(repository);
      assertEquals(garbage, plan.delete());
      assertEquals(List.of(), plan.due());
      assertFalse(plan.isEmpty());
      PruneReport deleted = repository.prune();
      assertEquals(garbage, deleted.deleted());
      assertEquals(List.of(), deleted.due());
      assertEquals(before, packs());
      Repositories.assertRestores(repository, kept, small);
    }
  }

  @Test
  void due_retiredAtSeveralTimes_eachHasItsOwn() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      List<Snapshot> dropped = new ArrayList<>();
      List<Amount> amounts = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SortedSet<String> before = packs();
        dropped.add(large(repository, i));
        amounts.add(amount(since(before)));
      }
      Instant first = time.plus(GRACE);
      Forgetting.forget(store.handle(), dropped.get(0));
      repository.prune();
      pass(Duration.ofHours(5));
      Instant second = time.plus(GRACE);
      Forgetting.forget(store.handle(), dropped.get(1));
      List<Due> both =
          List.of(
              new Due(Step.CONDEMN, amounts.get(0), Optional.of(first)),
              new Due(Step.CONDEMN, amounts.get(1), Optional.of(second)));
      assertEquals(both, repository.prune().due());
      assertEquals(both, plan(repository).due());

      time = first;
      PruneReport report = repository.prune();
      assertEquals(amounts.get(0), report.condemned());
      assertEquals(
          List.of(
              new Due(Step.CONDEMN, amounts.get(1), Optional.of(second)),
              new Due(Step.DELETE, amounts.get(0), Optional.of(first.plus(DELAY)))),
          report.due());
      time = second;
      report = repository.prune();
      assertEquals(amounts.get(0), report.deleted());
      assertEquals(amounts.get(1), report.condemned());
      time = second.plus(DELAY);
      assertEquals(amounts.get(1), repository.prune().deleted());
    }
  }

  /** Nothing is to be due that the call did itself, with and without times to wait for. */
  @Test
  void due_onlyOneTimeIsWaitedFor_isTheOtherStep() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      SortedSet<String> before = packs();
      Snapshot first = large(repository, 1);
      Amount garbage = amount(since(before));
      Forgetting.forget(store.handle(), first);
      PruneReport report = repository.prune(PruneOptions.builder().grace(Duration.ZERO).build());
      assertEquals(garbage, report.retired());
      assertEquals(garbage, report.condemned());
      assertEquals(Amount.NONE, report.deleted());
      assertEquals(
          List.of(new Due(Step.DELETE, garbage, Optional.of(time.plus(DELAY)))), report.due());
      report = repository.prune(PruneOptions.builder().readerDelay(Duration.ZERO).build());
      assertEquals(garbage, report.deleted());
      assertEquals(before, packs());

      Forgetting.forget(store.handle(), large(repository, 2));
      report = repository.prune(PruneOptions.builder().readerDelay(Duration.ZERO).build());
      assertEquals(Amount.NONE, report.condemned());
      assertEquals(Step.CONDEMN, report.due().get(0).step());
      pass(GRACE);
      report = repository.prune(PruneOptions.builder().readerDelay(Duration.ZERO).build());
      assertEquals(report.condemned(), report.deleted());
      assertEquals(before, packs());
      assertEquals(List.of(), report.due());
    }
  }

  @Test
  void planPrune_othersHaveCondemnedMeanwhile_seesIt() throws IOException {
    try (Repository repository = Repositories.create(store.handle());
        Repository other = Repositories.open(store.handle())) {
      Repositories.backup(repository, small);
      SortedSet<String> before = packs();
      Forgetting.forget(store.handle(), large(repository, 1));
      Amount garbage = amount(since(before));
      repository.prune(PruneOptions.builder().grace(Duration.ZERO).build());
      PrunePlan plan = other.planPrune(NOW);
      assertEquals(garbage, plan.delete());
      assertEquals(Amount.NONE, plan.condemn());
      assertEquals(other.vault().state().slot(), plan.slot());
      assertEquals(store.keys("log/").size() - 1, plan.slot());
    }
  }

  @Test
  void repack_oncePerPack_saysWhatItEmptiedAndWhatItStored() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped =
          Repositories.backup(
              repository,
              new MemorySource().directory("d").file("d/b", 9_000, 7).file("rest", 500_000, 8));
      SortedSet<String> old = packs();
      Snapshot kept = Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), dropped);
      PrunePlan plan = plan(repository);
      SortedSet<String> before = packs();
      SortedSet<String> all = new TreeSet<>(store.keys());
      PruneReport report = repository.prune();
      assertEquals(plan.repack(), report.repacked());
      assertEquals(1, report.repacked().items());
      assertTrue(report.repacked().bytes() > 500_000);
      assertEquals(0, report.leftBytes());
      assertEquals(
          new Amount(
              plan.retire().items() + plan.repack().items(),
              plan.retire().bytes() + plan.repack().bytes()),
          report.retired(),
          "what was emptied is retired too");
      SortedSet<String> stored = since(before);
      SortedSet<String> runs = new TreeSet<>(store.keys("index/"));
      runs.removeAll(all);
      assertEquals(1, stored.size());
      assertEquals(1, runs.size());
      assertEquals(
          amount(stored).bytes() + amount(runs).bytes(), report.copiedBytes(), report::toString);
      assertTrue(Math.abs(plan.copiedBytes() - amount(stored).bytes()) < 1_500);
      pass(GRACE);
      report = repository.prune();
      assertEquals(old.size(), report.condemned().items(), report::toString);
      assertEquals(0, report.repacked().items());
      Repositories.assertRestores(repository, kept, small);
    }
  }

  @Test
  void resumed_isSaidToTheItem() throws IOException {
    MemorySource again = new MemorySource().file("only1", 300_000, 1);
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      Snapshot dropped = large(repository, 1);
      SortedSet<String> before = packs();
      Amount[] retired = {Amount.NONE};
      repository.backup(
          new HookedSource(
              again,
              () -> {
                Forgetting.forget(store.handle(), dropped);
                try (Repository other = Repositories.open(store.handle())) {
                  retired[0] = other.prune().retired();
                }
              }));
      PruneReport report = repository.prune();
      assertTrue(retired[0].items() > 0);
      SortedSet<String> more = since(before);
      assertEquals(
          retired[0].bytes(),
          report.resumed().bytes()
              + report.condemned().bytes()
              + report.due().stream().mapToLong(due -> due.amount().bytes()).sum(),
          () -> report + " " + more);
      assertTrue(report.resumed().bytes() > 300_000, report::toString);
      assertFalse(report.isEmpty());
    }
  }

  @Test
  void orphans_untilTheyAreStale_areSparedAndThenRetired() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      SortedSet<String> before = packs();
      die();
      final Amount left = amount(since(before));
      assertTrue(left.items() > 0);
      PrunePlan plan = plan(repository);
      assertEquals(left, plan.spared());
      assertEquals(Amount.NONE, plan.retire());
      pass(PruneOptions.DEFAULT_STALE_AFTER.minusMillis(1));
      assertEquals(left, plan(repository).spared());
      assertEquals(Amount.NONE, repository.prune().retired());
      pass(Duration.ofMillis(1));
      plan = plan(repository);
      assertEquals(Amount.NONE, plan.spared());
      assertEquals(left, plan.retire());
      assertEquals(left, repository.prune().retired());
      pass(GRACE);
      PruneReport report = repository.prune();
      assertEquals(left.items() + 1, report.condemned().items(), "a run as well");
      assertEquals(left.bytes(), report.condemned().bytes(), "as long as the store says");
      pass(DELAY);
      assertEquals(left.items() + 1, repository.prune().deleted().items());
      assertEquals(before, packs());
      assertEquals(1, store.keys("index/").size());
    }
  }

  /** A backup stores its packs and its run, and never commits. */
  private void die() {
    Store dying =
        new ForwardingStore(store.handle()) {
          @Override
          public Stored create(String key, Body body) throws IOException {
            if (key.startsWith("log/")) {
              throw new AccessDeniedException(key);
            }
            return super.create(key, body);
          }
        };
    try (Repository doomed = Repositories.open(dying)) {
      assertThrows(BackupException.class, () -> large(doomed, 9));
    }
  }

  @Test
  void catalogCannotBeRead_onlyWhatNobodyEverNamedIsRetired_andTheListenerHears()
      throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), large(repository, 1));
      SortedSet<String> before = packs();
      die();
      final Amount left = amount(since(before));
      for (String pack : before) {
        store.corrupt(pack, bytes -> new byte[bytes.length]);
      }
      List<Problem> told = new ArrayList<>();
      PruneOptions options =
          PruneOptions.builder()
              .now()
              .listener(
                  new Listener() {
                    @Override
                    public void problem(Problem problem) {
                      told.add(problem);
                    }
                  })
              .build();
      PrunePlan plan = repository.planPrune(options);
      assertEquals(left, plan.retire());
      assertEquals(Amount.NONE, plan.repack());
      assertEquals(Amount.NONE, plan.condemn());
      assertTrue(plan.unreadable().get(0).contains("Run check, then repair"), plan::toString);
      assertEquals(plan.unreadable(), told.stream().map(Problem::message).toList());
      told.clear();
      PruneReport report = repository.prune(options);
      assertEquals(left, report.retired());
      assertEquals(Amount.NONE, report.condemned());
      assertEquals(plan.unreadable(), report.unreadable());
      assertEquals(plan.unreadable(), told.stream().map(Problem::message).toList());
      assertTrue(packs().containsAll(before), "nothing of it is given up");
    }
  }

  @Test
  void checkpoints_allButTheNewestThreeOfOurs_areDeleted() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      SnapshotId id = Repositories.backup(repository, small).id();
      for (int i = 0; i < 5; i++) {
        repository.pin(List.of(id));
        repository.vault().log().checkpointNow();
      }
      List<String> ours = List.copyOf(store.keys("checkpoints/"));
      String future = "checkpoints/7fffffffffffffff-" + "0".repeat(32);
      List<String> foreign = List.of("checkpoints/readme", future);
      foreign.forEach(key -> store.put(key, new byte[10]));
      List<String> old = ours.subList(0, ours.size() - 3);
      Amount expected = amount(old);
      assertEquals(expected, repository.prune().deleted());
      SortedSet<String> left = new TreeSet<>(ours.subList(old.size(), ours.size()));
      left.addAll(foreign);
      assertEquals(left, store.keys("checkpoints/"));
      assertEquals(Amount.NONE, repository.prune().deleted(), "nor the last three");
    }
  }

  @Test
  void checkpoints_cannotBeDeleted_isSaid() throws IOException {
    Store refusing =
        new ForwardingStore(store.handle()) {
          @Override
          public void delete(String key) throws IOException {
            if (key.startsWith("checkpoints/")) {
              throw new AccessDeniedException(key);
            }
            super.delete(key);
          }
        };
    try (Repository repository = Repositories.create(refusing)) {
      for (int i = 0; i < 4; i++) {
        repository.vault().log().checkpointNow();
      }
      BackupException failed = assertThrows(BackupException.class, repository::prune);
      assertTrue(String.valueOf(failed.getMessage()).contains("checkpoints/"), failed::toString);
    }
  }

  @Test
  void foreignItems_amongPacksAndRuns_areLeftAlone() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      List<String> foreign = List.of("packs/readme", "packs/00/readme", "index/readme");
      foreign.forEach(key -> store.put(key, new byte[10]));
      PruneReport report = repository.prune(NOW);
      assertTrue(report.isEmpty(), report::toString);
      foreign.forEach(key -> assertEquals(10, store.bytes(key).length));
    }
  }

  /** Requests that delete are of 200 items at most. */
  @Test
  void veryManyPacks_areDeletedSomeAtATimeAndCounted() throws IOException {
    List<Integer> requests = new ArrayList<>();
    Store counting =
        new ForwardingStore(store.handle()) {
          @Override
          public Map<String, IOException> deleteAll(Collection<String> keys) {
            if (keys.stream().anyMatch(key -> key.startsWith("packs/"))) {
              requests.add(keys.size());
            }
            return super.deleteAll(keys);
          }
        };
    try (Repository repository =
        Repository.create(counting, Repositories.KEY, Repositories.options().inline().build())) {
      Snapshot kept = Repositories.backup(repository, small);
      SortedSet<String> before = packs();
      Log log = repository.vault().log();
      log.verify();
      List<PackName> names =
          LongStream.range(0, 450).mapToObj(i -> new PackName(i << 40, i)).toList();
      names.forEach(name -> store.put(name.key(), new byte[7]));
      log.append(Draft.computed(state -> new Retire(state.slot(), names, List.of())));
      long slot = log.state().slot();
      log.append(
          Draft.computed(
              state ->
                  new Condemn(
                      state.slot(),
                      names.stream().map(name -> new RetiredPack(name, slot)).toList(),
                      List.of(),
                      List.of())));
      store.put("packs/readme", new byte[1]);
      assertEquals(
          List.of(new Due(Step.DELETE, new Amount(450, 3150), Optional.of(time.plus(DELAY)))),
          plan(repository).due());
      long calls = store.calls(StoreCall.DELETE);
      assertEquals(new Amount(450, 3150), repository.prune(NOW).deleted());
      assertEquals(List.of(200, 200, 50), requests);
      assertTrue(store.calls(StoreCall.DELETE) - calls < 460);
      store.remove("packs/readme");
      assertEquals(before, packs());
      Repositories.assertRestores(repository, kept, small);
    }
  }

  /** Whatever somebody takes for condemned: the slot is read again right before. */
  @Test
  void delete_itemsThatTheSlotDoesNotName_stay() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot kept = Repositories.backup(repository, small);
      final SortedSet<String> needed = packs();
      Forgetting.forget(store.handle(), large(repository, 1));
      Amount garbage =
          repository.prune(PruneOptions.builder().grace(Duration.ZERO).build()).condemned();
      long slot = repository.vault().state().slot();
      List<Stored> all = store.list("packs/", "").items();
      assertEquals(Amount.NONE, ClockedPrune.delete(repository.vault(), slot - 1, all));
      assertEquals(garbage, ClockedPrune.delete(repository.vault(), slot, all));
      assertEquals(needed, packs());
      Repositories.assertRestores(repository, kept, small);
    }
  }

  /** The store's clock is that of the lock; this machine's, far ahead, has no say. */
  @Test
  void graceTime_isThatOfTheStoresClock() throws IOException {
    time = Instant.parse("2001-01-01T00:00:00Z");
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), large(repository, 1));
      repository.prune();
      PruneReport report = repository.prune();
      assertEquals(Amount.NONE, report.condemned());
      assertEquals(Optional.of(time.plus(GRACE)), report.due().get(0).at());
      assertEquals(Amount.NONE, report.deleted());
    }
  }
}
