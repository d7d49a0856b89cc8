package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.Fault;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every store call of every verb fails in every way: finished snapshots stay identical, the next
 * run succeeds, and what fails says so. Verbs run inline, so that calls come in one order.
 */
class FaultsTest {

  private final MemoryStore store = new MemoryStore();
  private final MemorySource before =
      new MemorySource().directory("d").file("d/a", "one").file("d/large", 300_000, 1);
  private final MemorySource after = edited();
  private Snapshot first;

  @BeforeEach
  void prepare() {
    try (Repository repository = Repositories.create(store.handle())) {
      first = Repositories.backup(repository, before);
    }
  }

  @Test
  void create_anyCallFails_nextCreateOrOpenSucceeds() throws Exception {
    FaultSweep.Result result =
        FaultSweep.on(new MemoryStore())
            .run(
                place ->
                    Repository.create(
                            place, Repositories.KEY, Repositories.options().inline().build())
                        .close(),
                (fault, place, failure) -> {
                  requireWords(failure);
                  try (Repository repository =
                      Repository.openOrCreate(
                          place, Repositories.KEY, Repositories.options().inline().build())) {
                    Snapshot snapshot = Repositories.backup(repository, before);
                    Repositories.assertRestores(repository, snapshot, before);
                    assertClean(repository);
                  }
                });
    assertTrue(result.cases() > 50, result.toString());
  }

  @Test
  void backup_anyCallFails_finishedSnapshotsStayAndNextSucceeds() throws Exception {
    FaultSweep.Result result =
        FaultSweep.on(store)
            .run(
                place -> {
                  try (Repository repository = Repositories.openInline(place)) {
                    Repositories.backup(repository, after);
                  }
                },
                this::judgeBackup);
    assertTrue(result.cases() > 100, result.toString());
    assertTrue(result.failures() > 10, result.toString());
  }

  /** What the source holds after its files were put again, so that they have new revisions. */
  private static MemorySource edited() {
    return new MemorySource()
        .directory("d")
        .file("d/a", "one")
        .file("d/large", 300_000, 1)
        .file("d/a", "two")
        .file("d/large", 310_000, 2);
  }

  private void judgeBackup(Fault fault, MemoryStore place, Optional<Throwable> failure) {
    requireWords(failure);
    try (Repository repository = Repositories.open(place)) {
      Repositories.assertRestores(
          repository, repository.snapshots().find(first.id().hex()).orElseThrow(), before);
      int snapshots = repository.snapshots().list().size();
      if (failure.isEmpty()) {
        assertEquals(2, snapshots);
      } else {
        // Whoever dies, or is told nothing, right after the commit may have committed.
        assertTrue(snapshots == 1 || mayHaveCommitted(fault), fault + " committed all the same");
      }
      if (snapshots == 2) {
        Repositories.assertRestores(
            repository, repository.snapshots().latest().orElseThrow(), after);
      }
      Snapshot next = Repositories.backup(repository, after);
      Repositories.assertRestores(repository, next, after);
      assertClean(repository);
    }
  }

  private static boolean mayHaveCommitted(Fault fault) {
    return Set.of(
            FaultKind.CRASH,
            FaultKind.CRASH_AFTER,
            FaultKind.ACCESS_DENIED,
            FaultKind.SILENT_CORRUPTION)
        .contains(fault.kind());
  }

  @Test
  void restore_anyCallFails_isEqualOrSaysWhatIsMissing() throws Exception {
    FaultSweep.on(store)
        .run(
            place -> {
              try (Repository repository = Repositories.openInline(place)) {
                CollectingTarget target = new CollectingTarget();
                Snapshot snapshot = repository.snapshots().latest().orElseThrow();
                RestoreReport report = repository.restore(snapshot, target);
                if (report.complete()) {
                  target.assertHolds(before);
                } else {
                  assertFalse(report.holes().isEmpty() && report.problems().isEmpty());
                }
              }
            },
            (fault, place, failure) -> {
              requireWords(failure);
              assertEquals(store.keys(), place.keys());
            });
  }

  @Test
  void check_anyCallFails_changesNothingAndNeverCallsDamageClean() throws Exception {
    FaultSweep.on(store)
        .without(FaultKind.SILENT_CORRUPTION)
        .run(
            place -> {
              try (Repository repository = Repositories.openInline(place)) {
                assertClean(repository);
              }
            },
            (fault, place, failure) -> {
              if (!(failure.orElse(null) instanceof AssertionError)) {
                requireWords(failure);
              }
              assertEquals(store.keys(), place.keys());
            });
  }

  private static void assertClean(Repository repository) {
    CheckReport report =
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    assertTrue(report.clean(), () -> report.findings().toString());
  }

  /** Users see the family of errors and nothing else. */
  private static void requireWords(Optional<Throwable> failure) {
    if (failure.isPresent() && !(failure.get() instanceof BackupException)) {
      throw new AssertionError("A failure nobody translated", failure.get());
    }
  }
}
