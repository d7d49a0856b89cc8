package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Items get lost, are listed and cannot be read, are not listed though they are there, or come from
 * an old copy: a loss is named by snapshot and path, or everything is refused; and what is written
 * meanwhile does no harm.
 */
class LossTest {

  private static final int DEEP_ROUNDS = 100_000;

  private final Random random = Seeds.random(LossTest.class);
  private final MemoryStore store = new MemoryStore().pageSize(3);
  private final List<MemorySource> sources = new ArrayList<>();

  /** Where the last slot is remembered: without that nobody could notice that it is lost. */
  @TempDir Path state;

  @BeforeEach
  void prepare() {
    try (Repository repository =
        Repository.create(store.handle(), Repositories.KEY, remembering())) {
      for (int i = 0; i < 4; i++) {
        sources.add(Generated.source("s" + i % 2, 100 + i));
        Repositories.backup(repository, sources.get(i));
      }
    }
  }

  @Test
  void anyItemLost_orAGhost_isNamedOrRefused() {
    for (String key : store.keys()) {
      UnreliableStore without = new UnreliableStore(store.fork());
      without.lose(key);
      assertNoticed(key, judge(without, key + " lost"));
      UnreliableStore ghost = new UnreliableStore(store.fork());
      ghost.haunt(key);
      assertNoticed(key, judge(ghost, key + " a ghost"));
      UnreliableStore hidden = new UnreliableStore(store.fork());
      hidden.hide(key);
      assertNoticed(key, judge(hidden, key + " not listed"));
    }
  }

  @Test
  void severalOddities_neverSilent() {
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    List<String> keys = List.copyOf(store.keys());
    long end = Seeds.end();
    for (int i = 0; i < 50 || (Seeds.DEEP ? i < DEEP_ROUNDS : System.nanoTime() < end); i++) {
      UnreliableStore odd = new UnreliableStore(store.fork());
      List<String> what = new ArrayList<>();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        what.add(make(odd, keys.get(random.nextInt(keys.size()))));
      }
      verdicts.merge(judge(odd, what.toString()), 1, Integer::sum);
    }
    System.out.println("Unreliable stores: " + verdicts);
    assertFalse(verdicts.containsKey(Verdict.UNNOTICED), verdicts.toString());
  }

  private String make(UnreliableStore odd, String key) {
    switch (random.nextInt(4)) {
      case 0 -> odd.lose(key);
      case 1 -> odd.haunt(key);
      case 2 -> odd.hide(key);
      default -> {
        String prefix = key.contains("/") ? key.substring(0, key.indexOf('/') + 1) : key;
        List<String> others = new ArrayList<>(store.keys(prefix));
        others.remove(key);
        String other = others.isEmpty() ? key : others.get(random.nextInt(others.size()));
        if (other.equals(key)) {
          odd.lose(key);
        } else {
          odd.serve(key, store.bytes(other));
        }
      }
    }
    return key;
  }

  /** Whoever sees an old listing of the log appends nothing that harms, and soon sees it. */
  @Test
  void backupOverALaggingListing_losesNothing() {
    for (String prefix : List.of("log/", "index/", "packs/", "keys/")) {
      for (String key : store.keys(prefix)) {
        MemoryStore place = store.fork();
        UnreliableStore lagging = new UnreliableStore(place);
        lagging.hide(key);
        MemorySource next = Generated.source("s0", 999);
        boolean committed = backedUp(lagging, next);
        try (Repository repository = Repositories.open(place.handle())) {
          List<Snapshot> snapshots = repository.snapshots().list();
          assertEquals(sources.size() + (committed ? 1 : 0), snapshots.size(), key);
          for (int i = 0; i < sources.size(); i++) {
            Repositories.assertRestores(repository, snapshots.get(i), sources.get(i));
          }
          if (committed) {
            Repositories.assertRestores(repository, snapshots.get(sources.size()), next);
          }
          CheckReport report =
              repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
          assertTrue(report.clean(), () -> key + ": " + report.findings());
        }
      }
    }
  }

  /** A lost pack is named. */
  @Test
  void lostPack_isNamedByCheckAndRestore() {
    for (String key : store.keys("packs/")) {
      MemoryStore place = store.fork();
      place.remove(key);
      assertEquals(Verdict.LOSS_NAMED, Verdict.of(place, sources), key);
    }
  }

  private static boolean backedUp(UnreliableStore place, MemorySource source) {
    try (Repository repository = Repositories.open(place)) {
      Repositories.backup(repository, source);
      return true;
    } catch (BackupException refused) {
      return false;
    }
  }

  private Verdict judge(UnreliableStore place, String what) {
    try {
      return Verdict.of(place, sources, remembering());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("With " + what + ": " + e, e);
    }
  }

  private RepositoryOptions remembering() {
    return Repositories.options().stateDirectory(state).build();
  }

  private static void assertNoticed(String key, Verdict verdict) {
    assertTrue(verdict != Verdict.UNNOTICED, key);
  }
}
