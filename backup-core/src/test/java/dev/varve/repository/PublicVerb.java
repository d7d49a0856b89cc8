package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.CancelledException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.Difference;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.ForgetPlan;
import dev.varve.LostSnapshot;
import dev.varve.PathFilter;
import dev.varve.PruneOptions;
import dev.varve.RepairOptions;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Retention;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.key.Key;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every public verb of a repository, as the sweeps over faults, losses of power, lost items, clocks
 * and interrupts try it on a {@link Scene}: what is done, and what must hold afterwards. One that
 * is added to {@link Repository} and not here fails {@link PublicVerbsTest}.
 */
enum PublicVerb {
  BACKUP(true, "backup") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.backup(scene.fresh);
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      Snapshot newest = repository.snapshots().of(scene.fresh.identity()).latest().orElseThrow();
      Repositories.assertRestores(repository, newest, scene.fresh);
    }
  },

  BACKUP_OF_SEVERAL(true, "backup") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.backup(List.of(scene.second, scene.lost), BackupOptions.defaults());
    }

    @Override
    void always(Repository repository, Scene scene) {
      assertEquals(
          repository.snapshots().of(scene.second.identity()).list().size(),
          repository.snapshots().of(scene.lost.identity()).list().size(),
          "Only one of two was committed");
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(repository.snapshots().of(scene.second.identity()).isEmpty());
    }
  },

  CHECK_SOURCE(false, "checkSource") {
    @Override
    void run(Repository repository, Scene scene) {
      assertEquals(List.of(), repository.checkSource(scene.fresh));
    }
  },

  RESTORE(false, "restore") {
    @Override
    void run(Repository repository, Scene scene) {
      CollectingTarget target = new CollectingTarget();
      Snapshot snapshot = scene.snapshot(repository, scene.newest());
      requireRight(repository.restore(snapshot, target), target, scene.contents(scene.newest()));
    }
  },

  RESTORE_WITH_OTHERS(false, "restore") {
    @Override
    void run(Repository repository, Scene scene) {
      try (Repository beside = scene.beside()) {
        CollectingTarget target = new CollectingTarget();
        Snapshot snapshot = scene.snapshot(repository, scene.kept());
        RestoreReport report =
            repository.restore(snapshot, target, RestoreOptions.defaults(), List.of(beside));
        requireRight(report, target, scene.contents(scene.kept()));
      }
    }
  },

  COPY_FROM(true, "copy") {
    @Override
    void run(Repository repository, Scene scene) {
      try (Repository beside = scene.beside()) {
        repository.copy(repository.snapshots().list(), beside, CopyOptions.defaults());
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      try (Repository beside = scene.beside()) {
        CopyReport again =
            repository.copy(repository.snapshots().list(), beside, CopyOptions.defaults());
        assertTrue(again.complete() && again.copied().isEmpty(), again.toString());
      }
    }
  },

  COPY_INTO(true, "copy") {
    @Override
    void run(Repository repository, Scene scene) {
      try (Repository beside = scene.beside()) {
        beside.copy(beside.snapshots().list(), repository, CopyOptions.defaults());
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      String foreign = scene.foreign().hex();
      // The other one it has is a copy of one of ours.
      assertEquals(1, repository.snapshots().tagged("varve.original", foreign).list().size());
    }
  },

  SNAPSHOTS(false, "snapshots") {
    @Override
    void run(Repository repository, Scene scene) {
      assertFalse(repository.snapshots().isEmpty());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(scene.liveCount(), repository.snapshots().list().size());
    }
  },

  ENTRIES(false, "entries") {
    @Override
    void run(Repository repository, Scene scene) {
      Snapshot snapshot = scene.snapshot(repository, scene.newest());
      MemorySource source = scene.contents(scene.newest());
      try (Stream<Entry> entries = repository.entries(snapshot)) {
        assertEquals(List.copyOf(source.entries().keySet()), entries.map(Entry::path).toList());
      }
      try (Stream<Entry> entries = repository.entries(snapshot, "own1")) {
        assertEquals(List.of(EntryPath.of("own1")), entries.map(Entry::path).toList());
      }
    }
  },

  FIND(false, "find") {
    @Override
    void run(Repository repository, Scene scene) {
      Snapshot snapshot = scene.snapshot(repository, scene.newest());
      EntryPath path = EntryPath.of("own2");
      Entry expected = scene.contents(scene.newest()).entry(path);
      assertEquals(expected.size(), repository.find(snapshot, path).orElseThrow().size());
      assertEquals(Optional.empty(), repository.find(snapshot, EntryPath.of("own9")));
    }
  },

  CONTENT(false, "content") {
    @Override
    void run(Repository repository, Scene scene) throws IOException {
      EntryPath path = EntryPath.of("shared1");
      Snapshot snapshot = scene.snapshot(repository, scene.newest());
      byte[] bytes;
      try (InputStream content = repository.content(snapshot, path)) {
        bytes = content.readAllBytes();
      }
      assertTrue(Arrays.equals(scene.contents(scene.newest()).content(path), bytes), "Wrong bytes");
    }
  },

  DIFF(false, "diff") {
    @Override
    void run(Repository repository, Scene scene) {
      Snapshot before = scene.snapshot(repository, scene.kept());
      Snapshot after = scene.snapshot(repository, scene.newest());
      try (Stream<Difference> differences = repository.diff(before, after)) {
        Set<EntryPath> changed = differences.map(Difference::path).collect(Collectors.toSet());
        assertTrue(changed.contains(EntryPath.of("own0")), changed.toString());
      }
    }
  },

  PROBLEMS(false, "problems") {
    @Override
    void run(Repository repository, Scene scene) {
      Snapshot snapshot = scene.snapshot(repository, scene.newest());
      assertEquals(List.of(), repository.problems(snapshot));
    }
  },

  CHECK(true, "check") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.check(deep().part(1, 2).mostBytes(20_000).record().build());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      CheckReport report = repository.check(deep().build());
      assertTrue(report.clean(), () -> report.findings().toString());
    }

    private CheckOptions.Builder deep() {
      return CheckOptions.builder().level(CheckOptions.Level.DATA);
    }
  },

  PLAN_REPAIR(false, "planRepair") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.planRepair(RepairOptions.defaults());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(repository.planRepair(RepairOptions.defaults()).hasWork());
    }
  },

  REPAIR(true, "planRepair", "repair") {
    @Override
    Scene prepare(Scene scene) {
      MemoryStore place = scene.place.fork();
      place.remove("config");
      place.remove("log/0000000000000003");
      place.remove(place.keys("index/").first());
      place.remove(place.keys("index/").last());
      return scene.take(place);
    }

    @Override
    void run(Repository repository, Scene scene) {
      repository.repair(repository.planRepair(RepairOptions.defaults()));
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(repository.planRepair(RepairOptions.defaults()).hasWork());
    }

    @Override
    boolean mends() {
      return true;
    }
  },

  PLAN_FORGET(false, "planForget") {
    @Override
    void run(Repository repository, Scene scene) {
      List<Snapshot> kept = new ArrayList<>(repository.snapshots().list());
      List<Snapshot> dropped = repository.planForget(Retention.keepLast(1)).dropped();
      assertTrue(kept.removeAll(dropped) || dropped.isEmpty());
      for (Snapshot each : dropped) {
        assertFalse(each.pinned());
        assertTrue(kept.stream().anyMatch(other -> other.source().equals(each.source())));
      }
      repository.planForget(List.of(scene.snapshot(repository, scene.kept()).id()));
    }
  },

  FORGET(true, "forget", "planForget", "apply") {
    @Override
    void run(Repository repository, Scene scene) {
      scene.forgetting(scene.dropped());
      if (shows(repository, scene.dropped())) {
        repository.forget(List.of(scene.dropped()));
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(shows(repository, scene.dropped()));
    }
  },

  FORGET_BY_RULE(true, "planForget", "apply") {
    @Override
    void run(Repository repository, Scene scene) {
      ForgetPlan plan = repository.planForget(Retention.keepLast(1));
      for (Snapshot dropped : plan.dropped()) {
        Snapshot newest = repository.snapshots().of(dropped.source()).latest().orElseThrow();
        assertFalse(dropped.pinned() || dropped.id().equals(newest.id()), dropped.toString());
        scene.forgetting(dropped.id());
      }
      repository.apply(plan.confirm());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      // What a clock that went back leaves without a time stays.
      boolean known =
          repository.snapshots().of(scene.fresh.identity()).stream().allMatch(Snapshot::timeKnown);
      assertFalse(known && shows(repository, scene.kept()));
    }
  },

  PLAN_PRUNE(false, "planPrune") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.planPrune(PruneOptions.defaults());
      repository.planPrune(PRUNE_NOW);
    }
  },

  PRUNE(true, "prune") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.prune(PRUNE_NOW);
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(List.of(), repository.prune(PRUNE_NOW).unreadable());
      assertTrue(repository.planPrune(PRUNE_NOW).isEmpty());
    }
  },

  PRUNE_WITH_GRACE(true, "prune") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.prune();
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(List.of(), repository.prune().unreadable());
    }
  },

  FORGOTTEN(false, "forgotten") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.forgotten();
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(
          List.of(scene.gone()), repository.forgotten().list().stream().map(Snapshot::id).toList());
    }
  },

  UNDELETE(true, "undelete") {
    @Override
    void run(Repository repository, Scene scene) {
      scene.bringingBack(scene.gone());
      if (!shows(repository, scene.gone())) {
        repository.undelete(scene.gone());
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertTrue(shows(repository, scene.gone()));
    }
  },

  LOST_SNAPSHOTS(false, "lostSnapshots") {
    @Override
    Scene prepare(Scene scene) {
      return BRING_BACK.prepare(scene);
    }

    @Override
    void run(Repository repository, Scene scene) {
      repository.lostSnapshots();
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(1, repository.lostSnapshots().size());
    }
  },

  BRING_BACK(true, "lostSnapshots", "bringBack") {
    @Override
    Scene prepare(Scene scene) {
      Scene prepared = scene.take();
      Set<String> before = prepared.place.keys("log/");
      Repository repository = Scene.open(prepared.place.handle());
      repository.backup(prepared.lost);
      repository.close();
      // As if it had died right before it committed.
      prepared.place.keys("log/").stream()
          .filter(key -> !before.contains(key))
          .forEach(prepared.place::remove);
      return prepared;
    }

    @Override
    void run(Repository repository, Scene scene) {
      for (LostSnapshot each : repository.lostSnapshots()) {
        if (!each.whole()) {
          throw new ConfigurationException("It says that its list is not whole: " + each);
        }
        repository.bringBack(each, scene.lost.identity());
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(1, repository.snapshots().of(scene.lost.identity()).list().size());
    }
  },

  PIN(true, "pin") {
    @Override
    void run(Repository repository, Scene scene) {
      scene.labelling();
      repository.pin(List.of(scene.kept(), scene.newest()));
    }

    @Override
    void always(Repository repository, Scene scene) {
      assertEquals(
          scene.snapshot(repository, scene.kept()).pinned(),
          scene.snapshot(repository, scene.newest()).pinned(),
          "Only one of two is pinned");
      assertTrue(scene.snapshot(repository, scene.pinned()).pinned());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertTrue(scene.snapshot(repository, scene.kept()).pinned());
    }
  },

  UNPIN(true, "unpin") {
    @Override
    void run(Repository repository, Scene scene) {
      scene.labelling();
      repository.unpin(List.of(scene.pinned()));
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(scene.snapshot(repository, scene.pinned()).pinned());
    }
  },

  TAG(true, "tag") {
    @Override
    void run(Repository repository, Scene scene) {
      scene.labelling();
      repository.tag(List.of(scene.kept()), Map.of("one", "1", "two", "2"), List.of("old"));
    }

    @Override
    void always(Repository repository, Scene scene) {
      Map<String, String> tags = scene.snapshot(repository, scene.kept()).tags();
      Map<String, String> after = Map.of("one", "1", "two", "2");
      assertTrue(tags.equals(after) || tags.equals(Map.of("old", "yes")), tags.toString());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      Map<String, String> tags = scene.snapshot(repository, scene.kept()).tags();
      assertEquals(Map.of("one", "1", "two", "2"), tags);
    }
  },

  LOCKS(false, "locks") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.locks();
    }
  },

  REMOVE_STALE_LOCKS(true, "removeStaleLocks") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.removeStaleLocks();
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      // One that dies at its very end leaves its own.
      assertTrue(repository.removeStaleLocks() <= 1);
      assertEquals(0, repository.removeStaleLocks());
      assertEquals(List.of(), repository.locks());
    }
  },

  REWRITE(true, "rewrite") {
    @Override
    void run(Repository repository, Scene scene) {
      Snapshot snapshot = scene.snapshot(repository, scene.newest());
      repository.rewrite(snapshot, PathFilter.builder().exclude(Scene.TAKEN_OUT).build());
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(
          repository.snapshots().list().stream()
              .filter(snapshot -> snapshot.tags().containsValue(scene.newest().hex()))
              .toList()
              .isEmpty());
    }
  },

  STATISTICS(false, "statistics") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.statistics();
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(scene.liveCount(), repository.statistics().snapshots());
    }
  },

  LIST_KEYS(false, "keys.list") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.keys().list();
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertEquals(2, repository.keys().list().size());
    }
  },

  ADD_KEY(true, "keys.add") {
    @Override
    void run(Repository repository, Scene scene) {
      repository.keys().add("another", Scene.CHANGED);
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertTrue(isOpenedBy(repository, Scene.CHANGED));
    }
  },

  REMOVE_KEY(true, "keys.remove") {
    @Override
    void run(Repository repository, Scene scene) {
      if (hasSpare(repository, scene)) {
        repository.keys().remove(scene.spareSlot());
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(hasSpare(repository, scene));
    }
  },

  CHANGE_KEY(true, "keys.change") {
    @Override
    void run(Repository repository, Scene scene) {
      if (hasSpare(repository, scene)) {
        repository.keys().change(scene.spareSlot(), Scene.CHANGED);
      }
    }

    @Override
    void always(Repository repository, Scene scene) {
      assertTrue(
          hasSpare(repository, scene) || isOpenedBy(repository, Scene.CHANGED),
          "Neither the old key opens it nor the new one");
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      assertFalse(hasSpare(repository, scene));
      assertTrue(isOpenedBy(repository, Scene.CHANGED));
    }
  },

  BACKUP_TO_TWO(true, "several.backup") {
    @Override
    void run(Repository repository, Scene scene) {
      try (Repository beside = scene.beside()) {
        List<SeveralRepositories.Outcome> outcomes =
            SeveralRepositories.of(repository, beside).backup(scene.fresh);
        Optional<RuntimeException> cancelled = outcomes.get(1).failure();
        if (cancelled.isPresent() && cancelled.get() instanceof CancelledException all) {
          throw all;
        }
        Repositories.assertRestores(
            beside, outcomes.get(1).report().orElseThrow().snapshot(), scene.fresh);
        Optional<RuntimeException> failure = outcomes.get(0).failure();
        if (failure.isPresent()) {
          throw failure.get();
        }
      }
    }

    @Override
    void requireDone(Repository repository, Scene scene) {
      BACKUP.requireDone(repository, scene);
    }
  },

  RESTORE_FROM_TWO(false, "several.restore") {
    @Override
    void run(Repository repository, Scene scene) {
      try (Repository beside = scene.beside()) {
        CollectingTarget target = new CollectingTarget();
        RestoreReport report =
            SeveralRepositories.of(repository, beside)
                .restore(
                    all ->
                        all.list().stream()
                            .filter(each -> each.id().equals(scene.kept()))
                            .findFirst()
                            .or(() -> all.tagged("varve.original", scene.kept().hex()).latest()),
                    target,
                    RestoreOptions.defaults());
        // The other has it too, whatever this one does.
        assertTrue(report.complete(), report.toString());
        target.assertHolds(scene.contents(scene.kept()));
      }
    }
  };

  private static final PruneOptions PRUNE_NOW =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).build();

  private final boolean writes;
  private final Set<String> names;

  PublicVerb(boolean writes, String... names) {
    this.writes = writes;
    this.names = Set.of(names);
  }

  /** Does it, as far as it is not done; wrong answers are {@link AssertionError}s. */
  abstract void run(Repository repository, Scene scene) throws IOException;

  /** The scene of a trial. */
  Scene prepare(Scene scene) {
    return scene.take();
  }

  /** What must hold when it said that it was done. */
  void requireDone(Repository repository, Scene scene) {}

  /** What must hold whatever happened to it. */
  void always(Repository repository, Scene scene) {}

  /** Whether not all is well before it was done. */
  boolean mends() {
    return false;
  }

  /** Whether it changes anything that is stored. */
  boolean writes() {
    return writes;
  }

  /** Those that change what is stored. */
  static List<PublicVerb> writing() {
    return Stream.of(values()).filter(PublicVerb::writes).toList();
  }

  /** The methods that are tried; those of keys and of several repositories with a prefix. */
  static Set<String> tried() {
    Set<String> all = new HashSet<>();
    Stream.of(values()).forEach(verb -> all.addAll(verb.names));
    return all;
  }

  private static void requireRight(
      RestoreReport report, CollectingTarget target, MemorySource source) {
    if (report.complete()) {
      target.assertHolds(source);
    } else {
      assertFalse(report.holes().isEmpty() && report.problems().isEmpty());
    }
  }

  private static boolean shows(Repository repository, SnapshotId id) {
    return repository.snapshots().list().stream().anyMatch(each -> each.id().equals(id));
  }

  private static boolean hasSpare(Repository repository, Scene scene) {
    return repository.keys().list().stream().anyMatch(slot -> slot.id().equals(scene.spareSlot()));
  }

  /** Opens the place by another key, through the store that is open already. */
  private static boolean isOpenedBy(Repository repository, Key key) {
    MemoryStore copy = StoreCopies.inMemory(repository.vault().store());
    try (Repository again = Repository.open(copy.handle(), key, Scene.options().inline().build())) {
      return again.id().equals(repository.id());
    } catch (BackupException refused) {
      return false;
    }
  }
}
