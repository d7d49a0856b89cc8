package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.log.Snapshots;
import dev.varve.internal.vault.Vault;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What ought to be in the repository of a {@link Simulation}, as the processes were told that it
 * is. Used by whoever has the turn.
 */
final class Ledger {

  /** What rewriting takes out of a snapshot. */
  static final String TAKEN_OUT = "own0";

  private static final String RUN = "run";

  private final Map<String, MemorySource> known = new TreeMap<>();
  private final Map<String, MemorySource> rewritten = new HashMap<>();
  private final Set<String> finished = new HashSet<>();
  private final Set<String> forgotten = new HashSet<>();
  private final Set<String> doomed = new HashSet<>();
  private final Map<String, Integer> forgettings = new HashMap<>();
  private final Set<String> pinned = new HashSet<>();
  private final Proofs proofs = new Proofs();
  private int restored;

  /** A source is going to be backed up by a run with this tag. */
  void knows(String tag, MemorySource source) {
    known.put(tag, source);
  }

  /** Somebody was told that there is such a snapshot. */
  void finished(String key) {
    finished.add(key);
  }

  /** Somebody may forget this from now on. */
  void forgetting(Snapshot snapshot) {
    forgotten.add(key(snapshot));
    doomed.add(key(snapshot));
    forgettings.merge(key(snapshot), 1, Integer::sum);
  }

  /** Who was forgetting these was told that it is over, so that nothing comes late of it. */
  void forgot(Snapshot snapshot) {
    doomed.remove(key(snapshot));
  }

  /** How often somebody began to forget this; to be asked before it is undeleted. */
  int forgettings(Snapshot snapshot) {
    return forgettings.getOrDefault(key(snapshot), 0);
  }

  /** Somebody was told that this is back; nobody may have begun to forget it meanwhile. */
  void undeleted(Snapshot snapshot, int forgettingsBefore) {
    if (!doomed.contains(key(snapshot)) && forgettings(snapshot) == forgettingsBefore) {
      forgotten.remove(key(snapshot));
    }
  }

  /** Somebody was told that this is pinned. */
  void pinned(Snapshot snapshot) {
    pinned.add(key(snapshot));
  }

  /** Somebody may unpin this from now on. */
  void unpinning(Snapshot snapshot) {
    pinned.remove(key(snapshot));
  }

  boolean mayBeForgotten(Snapshot snapshot) {
    return forgotten.contains(key(snapshot));
  }

  /**
   * Each snapshot restores, and all are there that ought to be; how many there are.
   *
   * @param place where the repository is
   * @param all whether also those are restored of which it is {@linkplain Proofs known} that
   *     nothing has changed for them since they were restored last
   */
  int verify(Repository repository, MemoryStore place, boolean all) {
    Set<String> there = new HashSet<>();
    int snapshots = 0;
    for (Snapshot snapshot : repository.snapshots().list()) {
      there.add(key(snapshot));
      try {
        verify(repository, place, snapshot, all);
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("Snapshot " + key(snapshot) + " " + snapshot.id() + ": " + e, e);
      }
      snapshots++;
    }
    for (String key : finished) {
      assertTrue(there.contains(key) || forgotten.contains(key), "Snapshot " + key + " is gone");
    }
    for (String key : pinned) {
      assertTrue(there.contains(key), "Snapshot " + key + " is gone though it is pinned");
    }
    return snapshots;
  }

  /** How many of those that were verified were restored for it. */
  int restored() {
    return restored;
  }

  private void verify(Repository repository, MemoryStore place, Snapshot snapshot, boolean anyway)
      throws IOException {
    Vault vault = repository.vault();
    if (anyway || !proofs.stillHolds(vault, place, snapshot.id())) {
      Repositories.assertRestores(repository, snapshot, source(snapshot));
      proofs.restored(vault, place, snapshot.id());
      restored++;
    }
  }

  /** No snapshot was committed by two records: who tries again knows his own. */
  static void verifyLog(MemoryStore place) throws IOException {
    Set<String> committed = new HashSet<>();
    try (Repository repository =
        Repository.open(place.handle(), Repositories.KEY, Simulation.options().build())) {
      Log log = repository.vault().foldedAnew();
      for (LogEntry entry : log.entries(0, log.state().slot())) {
        if (entry.record() instanceof Snapshots made) {
          for (SnapshotRecord snapshot : made.snapshots()) {
            assertTrue(committed.add(snapshot.id().hex()), "Committed twice: " + snapshot.id());
          }
        }
      }
    }
  }

  /** What a snapshot is a backup of. */
  MemorySource source(Snapshot snapshot) {
    MemorySource whole = Optional.ofNullable(known.get(tag(snapshot))).orElseThrow();
    if (!isRewritten(snapshot)) {
      return whole;
    }
    return rewritten.computeIfAbsent(
        tag(snapshot),
        tag -> {
          MemorySource less = new MemorySource(whole.identity());
          whole.entries().forEach((path, entry) -> less.put(entry, whole.content(path)));
          assertFalse(less.remove(TAKEN_OUT).entries().isEmpty());
          return less;
        });
  }

  /** How snapshots are told apart here: by the run that made them, and whether less is left. */
  static String key(Snapshot snapshot) {
    return tag(snapshot) + (isRewritten(snapshot) ? " rewritten" : "");
  }

  static boolean isRewritten(Snapshot snapshot) {
    return snapshot.tags().containsKey(RewriteReport.TAG);
  }

  private static String tag(Snapshot snapshot) {
    return requireNonNull(snapshot.tags().get(RUN));
  }
}
