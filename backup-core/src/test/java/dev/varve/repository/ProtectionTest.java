package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.RefusedException;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.StoreException;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A store that keeps items from being deleted for 30 days is told in time what is still needed. */
class ProtectionTest {

  private static final Duration TIME = Duration.ofDays(30);
  private static final PruneOptions DAILY =
      PruneOptions.builder().grace(Duration.ofDays(1)).readerDelay(Duration.ofHours(1)).build();

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final MemoryStore place = new MemoryStore().clock(() -> now);
  private final Map<String, Instant> extended = new ConcurrentHashMap<>();
  private boolean allowed = true;

  /** Refuses to delete what it keeps, as one does that has no versions. */
  private final class KeepingStore extends LockingStore {

    KeepingStore(Store store) {
      super(store);
    }

    @Override
    public void delete(String key) throws IOException {
      if (keptUntil().getOrDefault(key, now).isAfter(now)) {
        throw new RefusedException("Cannot delete " + key + ": it is kept");
      }
      super.delete(key);
    }
  }

  private class LockingStore extends ForwardingStore {

    LockingStore(Store store) {
      super(store);
    }

    @Override
    public Optional<Duration> protection() {
      return Optional.of(TIME);
    }

    @Override
    public void protect(String key) throws IOException {
      if (!allowed) {
        throw new AccessDeniedException(key);
      }
      extended.put(key, now.plus(TIME));
    }
  }

  private Repository open() {
    return Repositories.open(new LockingStore(place.handle()));
  }

  private static MemorySource source(String name, long seed) {
    return new MemorySource(new SourceIdentity("memory", name, "here"))
        .file("a", 3_000_000, seed)
        .file("b", 100_000, seed + 1);
  }

  private Map<String, Instant> keptUntil() throws IOException {
    Map<String, Instant> until = new TreeMap<>();
    for (Stored item : place.list("", "").items()) {
      if (item.key().matches("config|(keys|log|packs)/.*")) {
        Instant own = item.time().plus(TIME);
        Instant later = extended.getOrDefault(item.key(), own);
        until.put(item.key(), later.isAfter(own) ? later : own);
      }
    }
    return until;
  }

  @Test
  void prune_everyDayForMonths_whatIsNeededStaysKeptAndTheRestRunsOut() throws IOException {
    Snapshot old;
    Set<String> garbage = new TreeSet<>();
    Repositories.create(new LockingStore(place.handle())).close();
    try (Repository repository = open()) {
      old = repository.backup(source("kept", 1)).snapshot();
      Set<String> before = packs();
      Snapshot dropped = repository.backup(source("dropped", 7)).snapshot();
      garbage.addAll(packs());
      garbage.removeAll(before);
      repository.forget(List.of(dropped.id()));
    }
    int calls = 0;
    try (Repository repository = open()) {
      for (int day = 0; day < 100; day++) {
        now = now.plus(Duration.ofDays(1));
        repository.backup(source("nightly", day));
        PruneReport report = repository.prune(DAILY);
        calls += report.protectedLonger().items() > 0 ? 1 : 0;
        Set<String> there = packs();
        for (Map.Entry<String, Instant> item : keptUntil().entrySet()) {
          if (!garbage.contains(item.getKey())) {
            Duration left = Duration.between(now, item.getValue());
            assertTrue(
                left.compareTo(TIME.dividedBy(4)) >= 0,
                () -> item.getKey() + " is kept for " + left + " only");
          }
        }
        assertTrue(day < 3 || there.stream().noneMatch(garbage::contains), "it was deleted");
      }
      assertTrue(garbage.stream().noneMatch(extended::containsKey), "not what nobody needs");
      assertTrue(calls >= 5 && calls <= 8, calls + " times in 100 days");
      Repositories.assertRestores(repository, old, source("kept", 1));
    }
  }

  @Test
  void prune_storeRefusesToDeleteWhatItKeeps_deletesItOnceThatHasRunOut() throws IOException {
    Set<String> garbage = new TreeSet<>();
    try (Repository repository = Repositories.create(new KeepingStore(place.handle()))) {
      Snapshot dropped = repository.backup(source("dropped", 7)).snapshot();
      garbage.addAll(packs());
      repository.forget(List.of(dropped.id()));
      repository.backup(source("kept", 1));
      long deleted = 0;
      for (int day = 0; day < 40; day++) {
        now = now.plus(Duration.ofDays(1));
        deleted += repository.prune(DAILY).deleted().items();
        assertEquals(day < 29, packs().containsAll(garbage), "day " + day);
        assertEquals(day < 29, deleted == 0, "day " + day);
      }
      assertTrue(packs().stream().noneMatch(garbage::contains));
    }
  }

  @Test
  void prune_storeWithoutRetention_isNotAsked() {
    try (Repository repository = Repositories.create(place.handle())) {
      repository.backup(source("kept", 1));
      now = now.plus(Duration.ofDays(100));
      assertEquals(0, repository.prune(DAILY).protectedLonger().items());
    }
  }

  @Test
  void prune_extendingIsForbidden_saysSoAndGoesOnTryingUntilItIsAllowed() {
    try (Repository repository = Repositories.create(new LockingStore(place.handle()))) {
      repository.backup(source("kept", 1));
      now = now.plus(Duration.ofDays(20));
      allowed = false;
      assertThrows(StoreException.class, () -> repository.prune(DAILY));
      assertThrows(StoreException.class, () -> repository.prune(DAILY));
      allowed = true;
      assertFalse(repository.prune(DAILY).protectedLonger().items() == 0);
      assertEquals(0, repository.prune(DAILY).protectedLonger().items());
    }
  }

  private Set<String> packs() throws IOException {
    Set<String> packs = new TreeSet<>();
    place.list("packs/", "").items().forEach(item -> packs.add(item.key()));
    return packs;
  }
}
