package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Entry;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.internal.crypto.Argon2Cost;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.vault.Slots;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Prune gives back what no snapshot needs, in its steps, and nothing else. */
class PruneTest {

  private static final PruneOptions NOW =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).build();

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-03-01T02:00:00Z"));
  private final MemoryStore store = new MemoryStore().clock(time::get);
  private final MemorySource small =
      new MemorySource().directory("d").file("d/a", "one").file("d/b", 9_000, 7);
  private final MemorySource large = new MemorySource().file("only", 700_000, 1);

  /** Holds what {@code small} holds of contents, and more; no entry is the same, nor catalog. */
  private static MemorySource withMore() {
    return new MemorySource().file("rest", 900_000, 8).file("d/b", 9_000, 7).directory("d");
  }

  private void pass(Duration more) {
    time.updateAndGet(then -> then.plus(more));
  }

  private static void assertClean(Repository repository) {
    CheckReport report =
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    assertTrue(report.clean(), () -> report.findings().toString());
  }

  private long packs() {
    return store.keys().stream().filter(key -> key.startsWith("packs/")).count();
  }

  @Test
  void prune_nothingForgotten_deletesNothing() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot snapshot = Repositories.backup(repository, small);
      long before = packs();
      PruneReport report = repository.prune(NOW);
      assertEquals(0, report.retired().items(), report::toString);
      assertEquals(before, packs());
      Repositories.assertRestores(repository, snapshot, small);
    }
  }

  @Test
  void prune_nowAfterForget_deletesWhatOnlyTheForgottenNeeded() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot kept = Repositories.backup(repository, small);
      long before = packs();
      Snapshot dropped = Repositories.backup(repository, large);
      Forgetting.forget(store.handle(), dropped);
      PruneReport report = repository.prune(NOW);
      assertTrue(report.unreadable().isEmpty(), report::toString);
      assertEquals(packs(), before, report::toString);
      assertTrue(report.deleted().bytes() > 700_000, report::toString);
      Repositories.assertRestores(repository, kept, small);
      assertClean(repository);
    }
  }

  @Test
  void prune_byAndBy_retiresThenCondemnsThenDeletes() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot kept = Repositories.backup(repository, small);
      Snapshot dropped = Repositories.backup(repository, large);
      long before = packs();
      Forgetting.forget(store.handle(), dropped);

      PruneReport first = repository.prune();
      assertEquals(2, first.retired().items(), first::toString);
      assertEquals(0, first.condemned().items());
      assertEquals(
          Optional.of(time.get().plus(PruneOptions.DEFAULT_GRACE)),
          first.due().get(0).at(),
          first::toString);

      pass(Duration.ofHours(23));
      assertEquals(0, repository.prune().condemned().items());
      pass(Duration.ofHours(2));
      PruneReport second = repository.prune();
      assertEquals(2, second.condemned().items(), second::toString);
      assertEquals(PrunePlan.Step.DELETE, second.due().get(0).step());
      assertEquals(before, packs());

      pass(Duration.ofHours(2));
      PruneReport third = repository.prune();
      assertEquals(2, third.deleted().items(), third::toString);
      assertEquals(before - 2, packs());
      assertTrue(third.due().isEmpty(), third::toString);
      Repositories.assertRestores(repository, kept, small);
      assertClean(repository);
    }
  }

  @Test
  void prune_manyPacks_areDeletedByOneCallAndWhatFailsIsSaid() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<String> denied = new AtomicReference<>("");
    Store counting =
        new ForwardingStore(store.handle()) {
          @Override
          public Map<String, IOException> deleteAll(Collection<String> keys) {
            calls.addAndGet(keys.stream().anyMatch(key -> key.startsWith("packs/")) ? 1 : 0);
            return super.deleteAll(keys);
          }

          @Override
          public void delete(String key) throws IOException {
            if (denied.get().isEmpty() && key.startsWith("packs/")) {
              denied.set(key);
            }
            if (key.equals(denied.get())) {
              throw new AccessDeniedException(key);
            }
            super.delete(key);
          }
        };
    try (Repository repository = Repositories.create(counting)) {
      Snapshot kept = Repositories.backup(repository, small);
      final long before = packs();
      Snapshot[] dropped = new Snapshot[10];
      for (int i = 0; i < dropped.length; i++) {
        dropped[i] = Repositories.backup(repository, new MemorySource().file("x", 70_000, i));
      }
      Forgetting.forget(store.handle(), dropped);

      BackupException failed = assertThrows(BackupException.class, () -> repository.prune(NOW));
      assertTrue(String.valueOf(failed.getMessage()).contains(denied.get()), failed::toString);
      assertEquals(1, calls.get());
      assertEquals(before + 1, packs(), "the others are gone");

      denied.set("none");
      assertEquals(1, repository.prune(NOW).deleted().items());
      assertEquals(before, packs());
      Repositories.assertRestores(repository, kept, small);
    }
  }

  @Test
  void prune_packsOfWhichLittleIsUsed_areEmptiedWithoutLosingWhatIs() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, withMore());
      Snapshot kept = Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), dropped);
      long before = store.totalBytes();
      PrunePlan plan = repository.planPrune(NOW);
      assertEquals(1, plan.repack().items(), plan::toString);
      assertTrue(Math.abs(plan.copiedBytes() - 9_000) <= 500, plan::toString);
      PruneReport none =
          repository.prune(
              PruneOptions.builder().now().mostRepackBytes(plan.copiedBytes() - 1).build());
      assertEquals(0, none.repacked().items(), none::toString);
      assertEquals(plan.copiedBytes(), none.leftBytes());
      PruneReport report = repository.prune(NOW);
      assertEquals(1, report.repacked().items(), report::toString);
      assertTrue(store.totalBytes() < before - 850_000, report::toString);
      Repositories.assertRestores(repository, kept, small);
      assertClean(repository);
      assertEquals(0, repository.prune(NOW).repacked().items());
    }
  }

  @Test
  void prune_copyThatIsToKeepCannotBeRead_originalStaysAndDamageIsRecorded() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped = Repositories.backup(repository, withMore());
      Snapshot kept = Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), dropped);
      SortedSet<String> before = store.keys("packs/");
      assertEquals(1, repository.prune().repacked().items());
      for (String copy : store.keys("packs/")) {
        if (!before.contains(copy)) {
          store.corrupt(copy, PruneTest::spoil);
        }
      }
      pass(Duration.ofHours(25));
      PruneReport report = repository.prune();
      assertTrue(
          report.unreadable().stream().anyMatch(what -> what.contains("is damaged")),
          report::toString);
      assertEquals(1, repository.vault().foldedAnew().state().damage().size());
      repository.prune(NOW);
      Repositories.assertRestores(repository, kept, small);
    }
  }

  /** Spoils the blocks and leaves header and footer as they are. */
  private static byte[] spoil(byte[] pack) {
    pack[pack.length / 2] ^= 1;
    return pack;
  }

  @Test
  void prune_nothingHappenedSince_readsNoCatalogs() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), Repositories.backup(repository, large));
      repository.prune(NOW);
      Repositories.backup(repository, large);
      long before = store.calls(StoreCall.READ);
      PruneReport report = repository.prune(NOW);
      assertTrue(report.isEmpty(), report::toString);
      long reads = store.calls(StoreCall.READ) - before;
      assertTrue(reads < 15, () -> reads + " reads");
    }
  }

  @Test
  void prune_uploadsOfABackupThatDied_areCollected() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot kept = Repositories.backup(repository, small);
      SortedSet<String> before = store.keys("packs/");
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
        assertThrows(BackupException.class, () -> Repositories.backup(doomed, large));
      }
      assertTrue(store.keys("packs/").size() > before.size());
      assertEquals(2, store.keys("index/").size());
      PruneReport early = repository.prune();
      assertEquals(0, early.retired().items(), early::toString);
      pass(PruneOptions.DEFAULT_STALE_AFTER);
      assertEquals(2, repository.prune().retired().items());
      pass(PruneOptions.DEFAULT_GRACE);
      assertEquals(3, repository.prune().condemned().items());
      pass(PruneOptions.DEFAULT_READER_DELAY);
      assertEquals(3, repository.prune().deleted().items());
      assertEquals(before, store.keys("packs/"));
      Repositories.assertRestores(repository, kept, small);
      assertClean(repository);
    }
  }

  @Test
  void prune_manyRuns_areMergedAndOldCheckpointsDeleted() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot last = Repositories.backup(repository, small);
      for (int i = 0; i < 10; i++) {
        last = Repositories.backup(repository, small.file("d/more" + i, 3_000, 100 + i));
      }
      long runs = store.keys("index/").size();
      PruneReport report = repository.prune(NOW);
      assertTrue(report.mergedRuns() > 7, report::toString);
      assertTrue(store.keys("index/").size() < runs - 5, report::toString);
      assertTrue(store.keys("checkpoints/").size() <= 3);
      Repositories.assertRestores(repository, last, small);
      assertClean(repository);
      try (Repository other = Repositories.open(store.handle())) {
        Repositories.assertRestores(other, last, small);
      }
    }
  }

  @Test
  void prune_catalogThatCannotBeRead_givesUpNothingAndSaysSo() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot kept = Repositories.backup(repository, small);
      Snapshot dropped = Repositories.backup(repository, large);
      Forgetting.forget(store.handle(), dropped);
      for (String key : store.keys("packs/")) {
        MemoryStore place = store.fork();
        place.corrupt(key, bytes -> overwritten(bytes));
        try (Repository damaged = Repositories.open(place.handle())) {
          SortedSet<String> before = place.keys("packs/");
          PruneReport report = damaged.prune(NOW);
          if (isCatalogOf(place, kept)) {
            assertEquals(before, place.keys("packs/"), report::toString);
            assertFalse(report.unreadable().isEmpty());
          }
        }
      }
      PruneReport report = repository.prune(NOW);
      assertEquals(2, report.deleted().items(), report::toString);
      Repositories.assertRestores(repository, kept, small);
    }
  }

  private static byte[] overwritten(byte[] bytes) {
    byte[] changed = bytes.clone();
    Arrays.fill(changed, 100, changed.length, (byte) 7);
    return changed;
  }

  private static boolean isCatalogOf(MemoryStore place, Snapshot snapshot) {
    try (Repository repository = Repositories.open(place.handle());
        Stream<Entry> entries = repository.entries(snapshot)) {
      return entries.count() < 0;
    } catch (BackupException e) {
      return true;
    }
  }

  @Test
  void prune_withoutTheKeysToContents_deletesNoContents() throws IOException {
    Key fewer = KeyFile.generate();
    Snapshot kept;
    try (Repository repository = Repositories.create(store.handle())) {
      kept = Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), Repositories.backup(repository, large));
    }
    RepositoryOptions options = Repositories.options().inline().build();
    try (Vault vault =
        new VaultDoor(store.handle(), options.forVault()).open(Repositories.KEY).vault()) {
      EnumSet<KeyPurpose> purposes = EnumSet.allOf(KeyPurpose.class);
      purposes.removeAll(EnumSet.of(KeyPurpose.DATA_ID, KeyPurpose.SEAL_DATA));
      new Slots(vault.store(), vault.id())
          .add(vault.keys().only(purposes), fewer, "pruner", new Argon2Cost(1024, 1, 1));
    }
    try (Repository pruner = Repository.open(store.handle(), fewer, options)) {
      PruneReport report = pruner.prune(NOW);
      assertEquals(2, report.retired().items(), report::toString);
      assertEquals(1, report.condemned().items(), report::toString);
      assertFalse(report.unreadable().isEmpty(), report::toString);
    }
    try (Repository repository = Repositories.open(store.handle())) {
      assertEquals(1, repository.prune(NOW).condemned().items());
      Repositories.assertRestores(repository, kept, small);
      assertClean(repository);
    }
  }

  @Test
  void restore_packsAreEmptiedAndRunsMergedMeanwhile_findsWhatWasCopied() throws IOException {
    try (Repository reader = Repositories.create(store.handle());
        Repository other = Repositories.open(store.handle())) {
      MemorySource wide = new MemorySource().directory("d").file("rest", 900_000, 8);
      for (int i = 0; i < 9; i++) {
        wide.file("d/" + i, 4_000, i);
      }
      Snapshot dropped = Repositories.backup(reader, wide);
      MemorySource few = new MemorySource().directory("d");
      Snapshot kept = Repositories.backup(reader, few);
      for (int i = 0; i < 9; i++) {
        kept = Repositories.backup(reader, few.file("d/" + i, 4_000, i));
      }
      Repositories.assertRestores(reader, kept, few);
      Forgetting.forget(store.handle(), dropped);
      PruneReport report = other.prune(NOW);
      assertTrue(report.repacked().items() > 0, report::toString);
      assertTrue(report.mergedRuns() > 0, report::toString);
      Repositories.assertRestores(reader, kept, few);
      try (Stream<Entry> entries = reader.entries(kept)) {
        assertEquals(10, entries.count());
      }
      Repositories.assertRestores(reader, Repositories.backup(reader, wide), wide);
      assertClean(reader);
    }
  }

  @Test
  void planPrune_anything_changesNothing() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), Repositories.backup(repository, large));
      SortedSet<String> before = store.keys();
      PrunePlan plan = repository.planPrune(NOW);
      assertEquals(2, plan.retire().items(), plan::toString);
      assertFalse(plan.isEmpty());
      assertEquals(before, store.keys());
    }
  }

  @Test
  void prune_againAndAgainByTwo_endsInTheSame() throws IOException {
    try (Repository one = Repositories.create(store.handle());
        Repository other = Repositories.open(store.handle())) {
      Snapshot kept = Repositories.backup(one, small);
      Forgetting.forget(store.handle(), Repositories.backup(other, large));
      other.prune(PruneOptions.builder().grace(Duration.ZERO).build());
      one.prune(NOW);
      other.prune(NOW);
      one.prune(NOW);
      Repositories.assertRestores(one, kept, small);
      Repositories.assertRestores(other, kept, small);
      assertClean(other);
    }
  }
}
