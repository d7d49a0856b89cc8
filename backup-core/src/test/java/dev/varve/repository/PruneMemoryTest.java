package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Listener;
import dev.varve.Progress;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.internal.vault.LocalNotes;
import dev.varve.store.Store;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What prune remembers of the last one: it spares work, and never hides what is due. */
class PruneMemoryTest {

  private static final Duration TIME = Duration.ofDays(32);

  private Instant time = Instant.parse("2026-03-01T02:00:00Z");
  private final MemoryStore store = new MemoryStore().clock(() -> time);
  private final MemorySource small =
      new MemorySource().directory("d").file("d/a", "one").file("d/b", 9_000, 7);

  /** Whether a prune follows all catalogs, which takes its time. */
  private static boolean looks(Repository repository, PruneOptions.Builder options) {
    Set<String> phases = new HashSet<>();
    repository.prune(
        options
            .listener(
                new Listener() {
                  @Override
                  public void progress(Progress progress) {
                    phases.add(progress.phase());
                  }
                })
            .build());
    return phases.contains("following catalogs");
  }

  private static boolean looks(Repository repository) {
    return looks(repository, PruneOptions.builder());
  }

  private Snapshot large(Repository repository, int seed) {
    MemorySource source =
        new MemorySource(new SourceIdentity("memory", "large" + seed, "test"))
            .file("only" + seed, 300_000, seed);
    return Repositories.backup(repository, source);
  }

  @Test
  void prune_nothingThatLeavesGarbageSince_doesNotLook() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot first = large(repository, 1);
      assertTrue(looks(repository), "nobody has looked before");
      assertFalse(looks(repository));
      Snapshot second = large(repository, 2);
      repository.pin(List.of(second.id()));
      assertFalse(looks(repository), "backups only add");
      Forgetting.forget(store.handle(), first);
      assertTrue(looks(repository), "a snapshot is gone");
      assertFalse(looks(repository));
    }
  }

  @Test
  void prune_withOtherLimits_looksAnew() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      assertTrue(looks(repository));
      assertTrue(looks(repository, PruneOptions.builder().repackBelow(0.5)));
      assertFalse(looks(repository, PruneOptions.builder().repackBelow(0.5)));
      assertTrue(looks(repository), "that was by other limits");
    }
  }

  @Test
  void prune_graceTimeOverSince_looksOnce() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), large(repository, 1));
      assertTrue(looks(repository));
      time = time.plus(PruneOptions.DEFAULT_GRACE).minusMillis(1);
      assertFalse(looks(repository));
      time = time.plusMillis(1);
      assertTrue(looks(repository), "it is to be condemned now");
      assertFalse(looks(repository));
      time = time.plus(PruneOptions.DEFAULT_READER_DELAY);
      assertFalse(looks(repository), "deleting needs no look at catalogs");
      assertEquals(2, store.keys("packs/").size());
    }
  }

  @Test
  void prune_leftSomethingToCopy_looksAgain() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot dropped =
          Repositories.backup(
              repository,
              new MemorySource().directory("d").file("d/b", 9_000, 7).file("rest", 500_000, 8));
      Repositories.backup(repository, small);
      Forgetting.forget(store.handle(), dropped);
      PruneOptions.Builder nothing = PruneOptions.builder().mostRepackBytes(0);
      assertTrue(looks(repository, nothing));
      assertTrue(looks(repository, nothing), "it has not done all yet");
      assertTrue(looks(repository));
      assertFalse(looks(repository));
    }
  }

  /** Beside another repository's, spoiled or of a log that went back: it is worth nothing. */
  @Test
  void prune_noteIsNotOfThisLog_looksAnew() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Repositories.backup(repository, small);
      assertTrue(looks(repository));
      LocalNotes notes = repository.vault().notes();
      String good = notes.find("last-prune").orElseThrow();
      notes.put("last-prune", "nonsense");
      assertTrue(looks(repository));
      String[] words = good.split(" ", -1);
      String otherHash = good.replace(words[1], "0".repeat(words[1].length()));
      notes.put("last-prune", otherHash);
      assertTrue(looks(repository), "of another slot of that number");
      large(repository, 1);
      notes.put("last-prune", otherHash);
      assertTrue(looks(repository), "also if it is not the last any more");
      large(repository, 2);
      notes.put("last-prune", good);
      assertFalse(looks(repository), "which the right one is not");
      notes.put("last-prune", good.replaceFirst("[0-9]+", "99"));
      assertTrue(looks(repository), "of a slot that is not there yet");
    }
  }

  /** Keeps items for 32 days from when they were told to be kept. */
  private static final class KeepingStore extends ForwardingStore {
    private final Set<String> kept = new TreeSet<>();
    private Duration protection = TIME;

    KeepingStore(Store store) {
      super(store);
    }

    @Override
    public Optional<Duration> protection() {
      return Optional.of(protection);
    }

    @Override
    public void protect(String key) {
      kept.add(key);
    }
  }

  @Test
  void protection_isExtendedWhenHalfOfItHasPassed_forWhatIsOlderThanAQuarter() {
    KeepingStore keeping = new KeepingStore(store.handle());
    RepositoryOptions options = Repositories.options().inline().build();
    try (Repository repository = Repository.create(keeping, Repositories.KEY, options)) {
      large(repository, 1);
      final Set<String> packs = store.keys("packs/");
      time = time.plus(TIME.dividedBy(4));
      assertEquals(0, repository.prune().protectedLonger().items(), "nothing is that old");
      time = time.plus(TIME.dividedBy(2)).minusMillis(1);
      large(repository, 2);
      assertEquals(0, repository.prune().protectedLonger().items());
      time = time.plusSeconds(1);
      PruneReport report = repository.prune();
      assertTrue(keeping.kept.containsAll(packs));
      assertTrue(keeping.kept.contains("config"));
      assertTrue(keeping.kept.stream().anyMatch(key -> key.startsWith("keys/")));
      assertTrue(keeping.kept.stream().anyMatch(key -> key.startsWith("log/")));
      assertEquals(packs.size(), keeping.kept.stream().filter(k -> k.startsWith("packs/")).count());
      assertEquals(keeping.kept.size(), report.protectedLonger().items());
      assertEquals(
          keeping.kept.stream().mapToLong(key -> store.bytes(key).length).sum(),
          report.protectedLonger().bytes());
    }
  }

  @Test
  void protection_ofAnotherLength_orAClockThatWentBack_isExtendedAnew() {
    KeepingStore keeping = new KeepingStore(store.handle());
    RepositoryOptions options = Repositories.options().inline().build();
    try (Repository repository = Repository.create(keeping, Repositories.KEY, options)) {
      large(repository, 1);
      store.put("packs/readme", new byte[5]);
      time = time.plus(TIME);
      assertTrue(repository.prune().protectedLonger().items() > 0);
      assertFalse(keeping.kept.contains("packs/readme"), "it is not ours");
      assertEquals(0, repository.prune().protectedLonger().items());
      keeping.protection = TIME.plusDays(1);
      assertTrue(repository.prune().protectedLonger().items() > 0);
      assertEquals(0, repository.prune().protectedLonger().items());
      LocalNotes notes = repository.vault().notes();
      for (String bad : List.of("", "x y", "1", Long.MAX_VALUE + " 1", "1 x", "1 2 3")) {
        notes.put("protected", bad);
        assertTrue(repository.prune().protectedLonger().items() > 0, bad);
      }
      notes.put(
          "protected", time.plusSeconds(1).getEpochSecond() + " " + keeping.protection.toSeconds());
      assertTrue(repository.prune().protectedLonger().items() > 0, "of a time to come");
      assertEquals(0, repository.prune().protectedLonger().items());
    }
  }
}
