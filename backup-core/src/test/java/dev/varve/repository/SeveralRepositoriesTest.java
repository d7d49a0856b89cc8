package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.CancelledException;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.CopyOptions;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.PruneOptions;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Revision;
import dev.varve.Snapshot;
import dev.varve.SourceException;
import dev.varve.SourceIdentity;
import dev.varve.StoreException;
import dev.varve.source.Source;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ContentFault;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** One read of a source feeds several repositories; what goes wrong in one is its own affair. */
class SeveralRepositoriesTest {

  /** Longer than a busy machine makes a thread wait that could go on. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final MemoryStore one = new MemoryStore();
  private final MemoryStore two = new MemoryStore();

  private static MemorySource tree() {
    return new MemorySource()
        .directory("d")
        .file("d/a", "one")
        .file("d/empty", "")
        .file("d/large", 1_500_000, 1)
        .link("link", "d/a")
        .file("other", 90_000, 2);
  }

  @Test
  void backup_toThree_readsOnceAndEachHasIt() {
    MemorySource source = tree();
    MemoryStore three = new MemoryStore();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle());
        Repository c = Repositories.create(three.handle())) {
      List<SeveralRepositories.Outcome> outcomes = SeveralRepositories.of(a, b, c).backup(source);

      assertEquals(4, source.opened());
      assertEquals(List.of(), source.misuses());
      assertEquals(List.of(a, b, c), repositories(outcomes));
      for (SeveralRepositories.Outcome outcome : outcomes) {
        Snapshot snapshot = snapshot(outcome);
        assertEquals(snapshot(outcomes.get(0)).id(), snapshot.id());
        Repositories.assertRestores(outcome.repository(), snapshot, source);
      }
    }
  }

  @Test
  void backup_whatOneKnowsAndTheOtherDoesNot_isReadOnceForThatOne() {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      Repositories.backup(a, source);
      source.file("other", 95_000, 3);
      int before = source.opened();

      List<SeveralRepositories.Outcome> outcomes = SeveralRepositories.of(a, b).backup(source);

      assertEquals(4, source.opened() - before);
      assertEquals(95_000, outcomes.get(0).report().orElseThrow().statistics().readBytes());
      assertEquals(1_595_003, outcomes.get(1).report().orElseThrow().statistics().readBytes());
      assertEquals(4, SeveralRepositories.of(a, b).backup(source).size() + 2);
      assertEquals(4, source.opened() - before, "Nothing is read that both know");
      assertEquals(List.of(), source.misuses());
      Repositories.assertRestores(a, snapshot(outcomes.get(0)), source);
      Repositories.assertRestores(b, snapshot(outcomes.get(1)), source);
    }
  }

  /** Delivered, and opened one after the other as archives do. */
  @Test
  void restore_contentIsLostInTheFirst_isTakenFromTheNext() {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      SeveralRepositories both = SeveralRepositories.of(a, b);
      String id = snapshot(both.backup(source).get(0)).id().hex();
      spoilContents(one);
      CollectingTarget alone = new CollectingTarget();
      assertFalse(a.restore(a.snapshots().find(id).orElseThrow(), alone).complete());

      for (CollectingTarget filled :
          List.of(new CollectingTarget(), new CollectingTarget().opening())) {
        RestoreReport report = both.restore(all -> all.find(id), filled, RestoreOptions.defaults());
        assertTrue(report.complete(), report::toString);
        assertEquals(1_590_003, report.bytes());
        filled.assertHolds(source);
      }
    }
  }

  @Test
  void restore_contentIsLostInBoth_hasHoles() {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      SeveralRepositories both = SeveralRepositories.of(a, b);
      String id = snapshot(both.backup(source).get(0)).id().hex();
      spoilContents(one);
      spoilContents(two);
      for (CollectingTarget torn :
          List.of(new CollectingTarget(), new CollectingTarget().opening())) {
        RestoreReport report = both.restore(all -> all.find(id), torn, RestoreOptions.defaults());
        assertFalse(report.complete(), report::toString);
        assertTrue(report.holeCount() > 0, report::toString);
        assertEquals(report.holeCount(), report.holes().size());
        assertEquals(List.of(), torn.misuses());
      }
    }
  }

  private static void spoilContents(MemoryStore store) {
    store.keys("packs/").stream()
        .filter(key -> store.bytes(key).length > 200_000)
        .forEach(key -> store.corrupt(key, pack -> spoilt(pack)));
  }

  /** Every block of it is damaged, and what it says that it holds is not. */
  private static byte[] spoilt(byte[] pack) {
    for (int at = 4096; at < pack.length - 8192; at += 4096) {
      pack[at] ^= 1;
    }
    return pack;
  }

  @Test
  void backup_ofSeveralSources_commitsThemTogetherInEach() {
    MemorySource first = tree();
    MemorySource second = new MemorySource(new SourceIdentity("memory", "second", "test"));
    second.file("x", 70_000, 9);
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      List<SeveralRepositories.Outcome> outcomes =
          SeveralRepositories.of(a, b)
              .backup(List.of(first, second), BackupOptions.builder().tag("x", "y").build());

      for (SeveralRepositories.Outcome outcome : outcomes) {
        List<Snapshot> snapshots = outcome.report().orElseThrow().snapshots();
        Repositories.assertRestores(outcome.repository(), snapshots.get(0), first);
        Repositories.assertRestores(outcome.repository(), snapshots.get(1), second);
        assertEquals("y", snapshots.get(1).tags().get("x"));
      }
    }
  }

  @Test
  void backup_manyNamesOfOneFileAndUnreadableOnes_areAsToOneRepository() {
    MemorySource source = tree().file("e/gone", "x").fault("e/gone", ContentFault.VANISHED);
    source.file("e/torn", 40_000, 4).fault("e/torn", ContentFault.BREAKS);
    for (String name : List.of("e/1", "e/2")) {
      source.put(
          Entry.builder(EntryPath.of(name), EntryKind.FILE)
              .size(3)
              .hardLinkGroup(5)
              .revision(Revision.of(new byte[] {7}))
              .build(),
          new byte[3]);
    }
    List<Problem> told = Collections.synchronizedList(new ArrayList<>());
    Listener listener =
        new Listener() {
          @Override
          public void problem(Problem problem) {
            told.add(problem);
          }
        };
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      List<SeveralRepositories.Outcome> outcomes =
          SeveralRepositories.of(a, b)
              .backup(List.of(source), BackupOptions.builder().listener(listener).build());

      assertEquals(2, told.size(), "each problem once: " + told);
      source.remove("e/gone").remove("e/torn");
      for (SeveralRepositories.Outcome outcome : outcomes) {
        assertEquals(2, outcome.report().orElseThrow().problemCount());
        Repositories.assertRestores(outcome.repository(), snapshot(outcome), source);
      }
      assertEquals(1, source.opened("e/1") + source.opened("e/2"));
    }
  }

  @Test
  void backup_sourceIsNotWorthASnapshot_noneHasIt() {
    MemorySource source = tree().failFinish("exit code 3");
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      SourceException failed =
          assertThrows(SourceException.class, () -> SeveralRepositories.of(a, b).backup(source));

      assertTrue(String.valueOf(failed.getMessage()).contains("exit code 3"), failed.getMessage());
      assertTrue(a.snapshots().isEmpty());
      assertTrue(b.snapshots().isEmpty());
      source.recover();
      assertEquals(2, SeveralRepositories.of(a, b).backup(source).size());
    }
  }

  @Test
  void backup_oneDiesAtAnyCall_theOtherHasItAndTheNextHasBoth() throws Exception {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      assertFalse(a.id().equals(b.id()));
    }
    List<MemoryStore> others = new ArrayList<>();
    FaultSweep.Result result =
        FaultSweep.on(two)
            .only(FaultKind.CRASH, FaultKind.CRASH_AFTER, FaultKind.ACCESS_DENIED)
            .run(
                place -> {
                  MemoryStore other = one.fork();
                  others.add(other);
                  try (Repository a = Repositories.open(other.handle());
                      Repository b = Repositories.open(place)) {
                    List<SeveralRepositories.Outcome> outcomes =
                        SeveralRepositories.of(a, b).backup(source);
                    Repositories.assertRestores(a, snapshot(outcomes.get(0)), source);
                    if (outcomes.get(1).failure().isPresent()) {
                      throw outcomes.get(1).failure().get();
                    }
                  }
                },
                (fault, place, failure) -> {
                  if (failure.isPresent() && !(failure.get() instanceof BackupException)) {
                    throw new AssertionError("A failure nobody translated", failure.get());
                  }
                  try (Repository a = Repositories.open(others.get(others.size() - 1).handle());
                      Repository b = Repositories.open(place.handle())) {
                    for (SeveralRepositories.Outcome outcome :
                        SeveralRepositories.of(a, b).backup(source)) {
                      Repositories.assertRestores(outcome.repository(), snapshot(outcome), source);
                    }
                  }
                });
    assertTrue(result.cases() > 20, result.toString());
    assertEquals(List.of(), source.misuses());
  }

  /** The second place, in which items of one kind are not created until it is released. */
  private Store holding(String prefix, CountDownLatch released) {
    return new ForwardingStore(two.handle()) {
      @Override
      public Stored create(String key, Body body) throws IOException {
        if (key.startsWith(prefix)) {
          try {
            released.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
        return super.create(key, body);
      }
    };
  }

  @Test
  void backup_oneStalls_isGivenUpAndTheOtherCommits() throws Exception {
    MemorySource source = tree();
    // Surely more than a backup holds that cannot store anything: four packs, and blocks.
    for (int i = 0; i < 80; i++) {
      source.file("more/" + i, 1_500_000, i + 10);
    }
    CountDownLatch released = new CountDownLatch(1);
    Repositories.create(two.handle()).close();
    Store stalling = holding("packs/", released);
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.open(stalling)) {
      try {
        List<SeveralRepositories.Outcome> outcomes =
            SeveralRepositories.of(a, b).patience(PATIENCE).backup(source);

        Repositories.assertRestores(a, snapshot(outcomes.get(0)), source);
        RuntimeException failure = outcomes.get(1).failure().orElseThrow();
        assertTrue(failure instanceof StoreException, failure.toString());
        assertTrue(
            String.valueOf(failure.getMessage()).contains("was given up"), failure.getMessage());
      } finally {
        released.countDown();
      }
    }
  }

  @Test
  void backup_oneHangsAfterEverythingWasRead_isGivenUpAndTheOtherIsTold() throws Exception {
    MemorySource source = tree();
    CountDownLatch released = new CountDownLatch(1);
    Repositories.create(two.handle()).close();
    Store hanging = holding("log/", released);
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.open(hanging)) {
      try {
        List<SeveralRepositories.Outcome> outcomes =
            SeveralRepositories.of(a, b).patience(PATIENCE).backup(source);

        Repositories.assertRestores(a, snapshot(outcomes.get(0)), source);
        String failure = String.valueOf(outcomes.get(1).failure().orElseThrow().getMessage());
        assertTrue(failure.contains("everything was read"), failure);
      } finally {
        released.countDown();
      }
    }
    try (Repository b = Repositories.open(two.handle())) {
      assertTrue(b.snapshots().list().size() <= 1, "It was sent, or it was cancelled");
      Repositories.assertRestores(b, Repositories.backup(b, source), source);
    }
  }

  @Test
  void backup_callerInterrupted_cancelsAll() throws Exception {
    MemorySource source = tree().fault("other", ContentFault.BLOCKS);
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      FutureTask<Boolean> backup =
          new FutureTask<>(
              () -> {
                assertThrows(
                    CancelledException.class, () -> SeveralRepositories.of(a, b).backup(source));
                return Thread.interrupted();
              });
      Thread caller = new Thread(backup);
      caller.start();
      source.awaitBlocked();
      caller.interrupt();

      assertTrue(backup.get(), "The interrupt flag is set again");
      assertTrue(a.snapshots().isEmpty());
      assertTrue(b.snapshots().isEmpty());
    }
  }

  @Test
  void copy_afterOneMissedABackup_fillsTheGapOnly() {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      SeveralRepositories.of(a, b).backup(source);
      source.file("d/a", "missed");
      Snapshot missed = Repositories.backup(a, source);

      var report = a.copy(a.snapshots().list(), b, CopyOptions.defaults());

      assertEquals(1, report.present().size());
      assertEquals(missed.id(), report.copied().get(0).original().id());
      assertEquals(6, report.statistics().readBytes());
    }
  }

  @Test
  void restore_firstCannotBeRead_nextIsTried() {
    MemorySource source = tree();
    try (Repository b = Repositories.create(two.handle())) {
      try (Repository a = Repositories.create(one.handle())) {
        SeveralRepositories.of(a, b).backup(source);
      }
      Store broken =
          new ForwardingStore(one.handle()) {
            @Override
            public void read(String key, long offset, ByteBuffer into) throws IOException {
              if (key.startsWith("packs/")) {
                throw new IOException("The network is gone");
              }
              super.read(key, offset, into);
            }
          };
      try (Repository a = Repositories.open(broken)) {
        CollectingTarget target = new CollectingTarget();

        SeveralRepositories.of(a, b).restore(Snapshots::latest, target, RestoreOptions.defaults());

        target.assertHolds(source);
        assertThrows(
            ConfigurationException.class,
            () ->
                SeveralRepositories.of(a, b)
                    .restore(all -> Optional.empty(), target, RestoreOptions.defaults()));
      }
    }
  }

  @Test
  void of_oneGivenTwice_isRefused() {
    try (Repository a = Repositories.create(one.handle());
        Repository same = Repositories.open(one.handle())) {
      assertThrows(ConfigurationException.class, () -> SeveralRepositories.of(a, same));
      assertThrows(ConfigurationException.class, SeveralRepositories::of);
    }
  }

  /** Both find stored already what prunes delete while the source is read for the first time. */
  @Test
  void backup_prunesDeleteWhatItDrawsOn_eachReadsAgainByItself() {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle());
        Repository c = Repositories.create(new MemoryStore().handle())) {
      Snapshot inOne = Repositories.backup(a, elsewhere(source));
      Snapshot inTwo = Repositories.backup(b, elsewhere(source));
      int before = source.opened();
      int[] reads = {0};
      HookedSource hooked =
          new HookedSource(
              source,
              () -> {
                if (reads[0]++ == 0) {
                  pruneAway(one, inOne);
                  pruneAway(two, inTwo);
                }
              });

      List<SeveralRepositories.Outcome> outcomes = SeveralRepositories.of(a, b, c).backup(hooked);

      assertEquals(3, reads[0], "once together, then once each");
      assertEquals(12, source.opened() - before);
      for (SeveralRepositories.Outcome outcome : outcomes) {
        Repositories.assertRestores(outcome.repository(), snapshot(outcome), source);
        assertEquals(1, outcome.repository().snapshots().list().size());
      }
    }
  }

  @Test
  void backup_ofAStreamIsOvertakenInOne_thatOneSaysWhatToDo() {
    MemorySource source = tree();
    try (Repository a = Repositories.create(one.handle());
        Repository b = Repositories.create(two.handle())) {
      Snapshot inTwo = Repositories.backup(b, elsewhere(source));
      Source once = new OnceOnly(new HookedSource(source, () -> pruneAway(two, inTwo)));

      List<SeveralRepositories.Outcome> outcomes = SeveralRepositories.of(a, b).backup(once);

      Repositories.assertRestores(a, snapshot(outcomes.get(0)), source);
      RuntimeException failure = outcomes.get(1).failure().orElseThrow();
      assertTrue(failure instanceof ConflictException, failure.toString());
      assertTrue(
          String.valueOf(failure.getMessage()).contains("with whatever feeds it"),
          failure.getMessage());
      assertTrue(b.snapshots().isEmpty());
    }
  }

  /** The same contents under another identity. */
  private static MemorySource elsewhere(MemorySource source) {
    MemorySource other = new MemorySource(new SourceIdentity("memory", "elsewhere", "test"));
    source.entries().forEach((path, entry) -> other.put(entry, source.content(path)));
    return other;
  }

  private static void pruneAway(MemoryStore store, Snapshot dropped) {
    Forgetting.forget(store.handle(), dropped);
    try (Repository other = Repositories.open(store.handle())) {
      assertTrue(other.prune(PruneOptions.builder().now().build()).deleted().items() > 0);
    }
  }

  private static Snapshot snapshot(SeveralRepositories.Outcome outcome) {
    return outcome.report().orElseThrow().snapshot();
  }

  private static List<Repository> repositories(List<SeveralRepositories.Outcome> outcomes) {
    return outcomes.stream().map(SeveralRepositories.Outcome::repository).toList();
  }
}
