package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.CheckOptions;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.ForgetPlan;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Retention;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.internal.catalog.ReachableChunk;
import dev.varve.internal.catalog.ReachableChunks;
import dev.varve.internal.forget.Undeletion;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Copy;
import dev.varve.internal.log.Damage;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Evidence;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.log.Undelete;
import dev.varve.internal.log.Validity;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forgotten snapshots come back whole or not at all; pins and tags say what is to be kept. */
class UndeleteTest {

  private Instant now = Instant.parse("2026-01-01T03:00:00Z");
  private final MemoryStore store = new MemoryStore().clock(this::tick);
  private final MemorySource before = new MemorySource().file("a", "one").file("b", 300_000, 1);
  private final MemorySource after =
      new MemorySource()
          .file("a", "one")
          .file("b", 300_000, 1)
          .file("a", "two")
          .file("b", 310_000, 2);
  private Snapshot first;

  @BeforeEach
  void prepare() {
    try (Repository repository = Repositories.create(store.handle())) {
      SnapshotId made =
          repository
              .backup(before, BackupOptions.builder().tag("release", "4.2").build())
              .snapshot()
              .id();
      Repositories.backup(repository, after);
      repository.tag(List.of(made), Map.of("checked", "yes"), List.of());
      first = repository.snapshots().find(made.hex()).orElseThrow();
      repository.forget(List.of(made));
    }
  }

  @Test
  void undelete_bringsBackWhatItWas() {
    try (Repository repository = Repositories.open(store.handle())) {
      assertEquals(List.of(first), repository.forgotten().list());
      assertEquals(first, repository.undelete(first.id()));
      assertEquals(first, repository.snapshots().list().get(0));
      assertEquals(Map.of("release", "4.2", "checked", "yes"), first.tags());
      assertTrue(first.timeKnown());
      Repositories.assertRestores(repository, first, before);
      assertEquals(List.of(), repository.forgotten().list());
    }
  }

  @Test
  void undelete_whatIsNotForgotten_isRefused() {
    try (Repository repository = Repositories.open(store.handle())) {
      Snapshot there = repository.snapshots().latest().orElseThrow();
      assertThrows(ConfigurationException.class, () -> repository.undelete(there.id()));
      assertThrows(ConfigurationException.class, () -> repository.undelete(SnapshotId.random()));
      repository.undelete(first.id());
      assertThrows(ConfigurationException.class, () -> repository.undelete(first.id()));
    }
  }

  @Test
  void undelete_forgottenAgain_comesBackAgain() {
    try (Repository repository = Repositories.open(store.handle())) {
      for (int i = 0; i < 3; i++) {
        assertEquals(first, repository.undelete(first.id()));
        repository.forget(List.of(first.id()));
      }
      assertEquals(List.of(first), repository.forgotten().list());
    }
  }

  @Test
  void undelete_packsRetired_drawsOnThemByName() throws IOException {
    List<PackName> packs;
    try (Vault vault = vault()) {
      packs = retireAll(vault);
    }
    try (Vault vault = vault()) {
      Undelete made = undelete(vault, Integer.MAX_VALUE);
      assertFalse(made.drawn().isEmpty());
      assertTrue(packs.containsAll(made.drawn()));
      assertTrue(packs.size() > made.drawn().size(), "Only what it needs");
    }
    assertBack();
  }

  @Test
  void undelete_moreRetiredThanOneRecordNames_resumesTheOthersFirst() throws IOException {
    try (Vault vault = vault()) {
      retireAll(vault);
    }
    try (Vault vault = vault()) {
      assertEquals(1, undelete(vault, 1).drawn().size());
    }
    assertBack();
  }

  @Test
  void undelete_allActive_drawsOnNothing() throws IOException {
    try (Vault vault = vault()) {
      assertEquals(List.of(), undelete(vault, Integer.MAX_VALUE).drawn());
    }
    assertBack();
  }

  @Test
  void undelete_anyPackCondemned_isRefused() throws IOException {
    List<PackName> packs;
    MemoryStore retired = store.fork();
    try (Vault vault = vault(retired)) {
      packs = retireAll(vault);
    }
    int refused = 0;
    for (PackName pack : packs) {
      MemoryStore place = retired.fork();
      try (Vault vault = vault(place)) {
        LogState state = vault.log().verify();
        RetiredPack gone = new RetiredPack(pack, state.pack(pack).retiredAt());
        vault
            .log()
            .append(Draft.of(new Condemn(state.slot(), List.of(gone), List.of(), List.of())));
      }
      refused += assertBackOrRefused(place) ? 0 : 1;
    }
    // One pack of data and one of catalogs are only the second snapshot's.
    assertEquals(packs.size() - 2, refused);
  }

  @Test
  void undelete_anyPackDamaged_isRefused() throws IOException {
    List<PackName> packs;
    try (Vault vault = vault()) {
      packs = packs(vault);
    }
    int refused = 0;
    for (PackName pack : packs) {
      MemoryStore place = store.fork();
      try (Vault vault = vault(place)) {
        long base = vault.log().refresh().slot();
        vault.log().append(Draft.of(new Damage(base, List.of(PackBlocks.all(pack)), List.of())));
      }
      refused += assertBackOrRefused(place) ? 0 : 1;
    }
    assertEquals(packs.size() - 2, refused);
  }

  @Test
  void undelete_betweenTheStepsOfPrunes_isBackForGood() {
    try (Repository repository = Repositories.open(store.handle())) {
      assertTrue(repository.prune().retired().items() > 0);
      now = now.plus(PruneOptions.DEFAULT_GRACE).minusSeconds(60);
      repository.prune();
      assertEquals(List.of(first), repository.forgotten().list());
      assertEquals(first, repository.undelete(first.id()));
      for (int i = 0; i < 4; i++) {
        now = now.plus(Duration.ofHours(30));
        PruneReport report = repository.prune();
        assertEquals(List.of(), report.unreadable());
        Repositories.assertRestores(repository, first, before);
      }
      assertEquals(2, repository.snapshots().list().size());
      assertTrue(
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build()).clean());
    }
  }

  @Test
  void undelete_afterItsDeletionWasDecided_isRefusedAndNotOffered() {
    try (Repository repository = Repositories.open(store.handle())) {
      PruneReport retiring = repository.prune();
      now = now.plus(PruneOptions.DEFAULT_GRACE).plusSeconds(60);
      PruneReport condemning = repository.prune();
      assertTrue(condemning.condemned().items() > 0, () -> retiring + " and " + condemning);
      assertEquals(List.of(), repository.forgotten().list());
      assertThrows(ConflictException.class, () -> repository.undelete(first.id()));
      now = now.plus(Duration.ofHours(2));
      assertTrue(repository.prune().deleted().items() > 0);
      assertThrows(ConflictException.class, () -> repository.undelete(first.id()));
      assertEquals(1, repository.snapshots().list().size());
    }
  }

  /** Planned to be dropped, dropped by another and brought back by a third: that is meant. */
  @Test
  void forget_ofWhatCameBackSince_isAConflict() {
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.open(store.handle())) {
      repository.undelete(first.id());
      ForgetPlan plan = repository.planForget(Retention.keepLast(1));
      assertEquals(List.of(first), plan.dropped());
      other.forget(List.of(first.id()));
      other.undelete(first.id());
      assertThrows(ConflictException.class, () -> repository.apply(plan));
      assertEquals(2, repository.snapshots().list().size());
    }
  }

  @Test
  void pin_letsNoForgetDrop_untilUnpinned() {
    try (Repository repository = Repositories.open(store.handle());
        Repository other = Repositories.open(store.handle())) {
      repository.undelete(first.id());
      ForgetPlan earlier = repository.planForget(Retention.keepLast(1));
      assertTrue(other.pin(List.of(first.id())).get(0).pinned());
      assertThrows(ConflictException.class, () -> repository.apply(earlier));
      assertEquals(List.of(), repository.planForget(Retention.keepLast(1)).dropped());
      assertThrows(ConfigurationException.class, () -> repository.forget(List.of(first.id())));
      assertFalse(other.unpin(List.of(first.id(), first.id())).get(0).pinned());
      assertEquals(
          List.of(first.id()), repository.apply(repository.planForget(Retention.keepLast(1))));
      assertThrows(ConfigurationException.class, () -> other.pin(List.of(first.id())));
    }
  }

  @Test
  void tag_putsAndTakes() {
    try (Repository repository = Repositories.open(store.handle())) {
      SnapshotId there = repository.snapshots().latest().orElseThrow().id();
      List<SnapshotId> ids = List.of(there);
      assertEquals(
          Map.of("a", "1", "b", "2"),
          repository.tag(ids, Map.of("a", "1", "b", "2"), List.of()).get(0).tags());
      assertEquals(
          Map.of("b", "3", "c", "4"),
          repository.tag(ids, Map.of("b", "3", "c", "4"), List.of("a", "x")).get(0).tags());
      assertEquals(there, repository.snapshots().tagged("c", "4").latest().orElseThrow().id());
      assertThrows(ConfigurationException.class, () -> repository.tag(ids, Map.of(), List.of()));
      assertThrows(
          ConfigurationException.class, () -> repository.tag(ids, Map.of("a", "1"), List.of("a")));
      assertThrows(
          ConfigurationException.class, () -> repository.tag(ids, Map.of("a=b", "1"), List.of()));
      assertThrows(
          ConfigurationException.class,
          () -> repository.tag(List.of(first.id()), Map.of("a", "1"), List.of()));
    }
  }

  @Test
  void tag_moreThanThereIsRoomFor_isRefused() {
    try (Repository repository = Repositories.open(store.handle())) {
      SnapshotId there = repository.snapshots().latest().orElseThrow().id();
      assertThrows(
          ConfigurationException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              repository.tag(List.of(there), Map.of("t" + i, "x".repeat(256)), List.of());
            }
          });
      repository.forget(List.of(there));
      assertEquals(there, repository.undelete(there).id());
    }
  }

  @Test
  void undelete_anyCallFails_isBackOrNotAndTheNextSucceeds() throws Exception {
    FaultSweep.Result result =
        FaultSweep.on(store)
            .run(
                place -> {
                  try (Repository repository = Repositories.openInline(place)) {
                    repository.undelete(first.id());
                  }
                },
                (fault, place, failure) -> {
                  requireWords(failure);
                  try (Repository repository = Repositories.open(place)) {
                    boolean back = repository.snapshots().list().size() == 2;
                    assertTrue(back || failure.isPresent(), "It said it did");
                    if (!back) {
                      repository.undelete(first.id());
                    }
                    Repositories.assertRestores(repository, first, before);
                  }
                });
    assertTrue(result.cases() > 50, result.toString());
  }

  @Test
  void pinAndTag_anyCallFails_areDoneOrNotAndTheNextSucceeds() throws Exception {
    FaultSweep.Result result =
        FaultSweep.on(store)
            .run(
                place -> {
                  try (Repository repository = Repositories.openInline(place)) {
                    SnapshotId there = repository.snapshots().latest().orElseThrow().id();
                    repository.pin(List.of(there));
                    repository.tag(List.of(there), Map.of("a", "1"), List.of());
                  }
                },
                (fault, place, failure) -> {
                  requireWords(failure);
                  try (Repository repository = Repositories.open(place)) {
                    Snapshot there = repository.snapshots().latest().orElseThrow();
                    assertTrue(there.pinned() || failure.isPresent(), "It said it did");
                    assertTrue(!there.tags().isEmpty() || failure.isPresent(), "It said it did");
                    repository.pin(List.of(there.id()));
                    Snapshot now =
                        repository.tag(List.of(there.id()), Map.of("a", "1"), List.of()).get(0);
                    assertTrue(now.pinned());
                    assertEquals(Map.of("a", "1"), now.tags());
                  }
                });
    assertTrue(result.cases() > 30, result.toString());
  }

  private synchronized Instant tick() {
    now = now.plusSeconds(1);
    return now;
  }

  private static void requireWords(Optional<Throwable> failure) {
    assertTrue(failure.isEmpty() || failure.get() instanceof BackupException, failure.toString());
  }

  private void assertBack() {
    try (Repository repository = Repositories.open(store.handle())) {
      assertEquals(first, repository.snapshots().list().get(0));
      Repositories.assertRestores(repository, first, before);
    }
  }

  /** Whether it came back; if not, nothing was changed. */
  private boolean assertBackOrRefused(MemoryStore place) {
    int slots = place.keys("log/").size();
    try (Repository repository = Repositories.open(place.handle())) {
      repository.undelete(first.id());
      Repositories.assertRestores(repository, first, before);
      return true;
    } catch (ConflictException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("cannot be brought back"), e.toString());
      assertEquals(slots, place.keys("log/").size());
      return false;
    }
  }

  /** Brings the snapshot back; its record, which must be valid in full by the log's own rules. */
  private Undelete undelete(Vault vault, int maxDrawn) throws IOException {
    vault.refresh();
    Map<Long, LogState> states = new HashMap<>();
    states.put(vault.state().slot(), vault.state());
    new Undeletion(vault, new Cancellation(), maxDrawn).run(first.id());
    List<LogEntry> entries = vault.log().entries(0, vault.state().slot());
    LogState state = LogState.EMPTY;
    for (LogEntry entry : entries) {
      states.put(state.slot(), state);
      state = state.fold(entry);
    }
    Undelete made = (Undelete) entries.get(entries.size() - 1).record();
    assertEquals(
        List.of(),
        Validity.problems(
            Optional.ofNullable(states.get(made.base())).orElseThrow(), made, evidence(vault)));
    return made;
  }

  private static Evidence evidence(Vault vault) {
    return new Evidence() {
      @Override
      public Stream<ChunkId> reached(SnapshotRecord snapshot) {
        List<ChunkId> reached = new ArrayList<>();
        try {
          ReachableChunks chunks = new ReachableChunks(vault.catalog(snapshot.catalog()));
          for (Optional<ReachableChunk> next = chunks.next();
              next.isPresent();
              next = chunks.next()) {
            reached.add(next.get().ref().id());
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return reached.stream();
      }

      @Override
      public Stream<Copy> claimed(ChunkId chunk) {
        try {
          return vault.index().findAll(chunk).stream()
              .map(place -> new Copy(place.pack(), place.block()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public boolean isListed(PackName pack) {
        throw new UnsupportedOperationException("Nothing is condemned");
      }

      @Override
      public Stream<ChunkId> liveIn(PackName pack) {
        throw new UnsupportedOperationException("Nothing is condemned");
      }

      @Override
      public Stream<Copy> opened(ChunkId chunk) {
        throw new UnsupportedOperationException("Nothing is condemned");
      }

      @Override
      public Stream<PackName> leftOut(Index merge) {
        throw new UnsupportedOperationException("Nothing is merged");
      }
    };
  }

  private static List<PackName> retireAll(Vault vault) throws IOException {
    List<PackName> packs = packs(vault);
    vault.log().append(Draft.of(new Retire(vault.state().slot(), packs, List.of())));
    return packs;
  }

  private static List<PackName> packs(Vault vault) {
    List<PackName> packs = new ArrayList<>();
    vault.state().forEachPack(pack -> packs.add(pack.name()));
    return packs;
  }

  private Vault vault() throws IOException {
    return vault(store);
  }

  private static Vault vault(MemoryStore place) throws IOException {
    return new VaultDoor(place.handle(), Repositories.options().build().forVault())
        .open(Repositories.KEY)
        .vault();
  }
}
