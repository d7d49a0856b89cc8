package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.PruneOptions;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.testkit.Fault;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every store call of a prune fails in every way, dying in between included: what is kept restores,
 * the next prune succeeds and gives back the same room.
 */
class PruneFaultsTest {

  private static final PruneOptions NOW =
      PruneOptions.builder().now().staleAfter(Duration.ZERO).build();

  private final MemoryStore store = new MemoryStore();
  private final MemorySource kept =
      new MemorySource().directory("d").file("d/a", "one").file("d/large", 30_000, 1);
  private Snapshot snapshot;
  private long roomAfterwards;

  @BeforeEach
  void prepare() throws IOException {
    try (Repository repository = Repositories.create(store.handle())) {
      Snapshot both =
          Repositories.backup(
              repository,
              new MemorySource()
                  .directory("d")
                  .file("d/large", 30_000, 1)
                  .file("other", 200_000, 2));
      snapshot = Repositories.backup(repository, kept);
      Snapshot gone = Repositories.backup(repository, new MemorySource().file("third", 100_000, 3));
      Forgetting.forget(store.handle(), both, gone);
    }
    MemoryStore place = store.fork();
    try (Repository repository = Repositories.openInline(place.handle())) {
      PruneReport report = repository.prune(NOW);
      assertTrue(report.repacked().items() > 0, report::toString);
      assertTrue(report.deleted().items() > 0, report::toString);
    }
    roomAfterwards = packs(place);
  }

  private static long packs(MemoryStore place) {
    return place.keys().stream().filter(key -> key.startsWith("packs/")).count();
  }

  @Test
  void prune_anyCallFails_keepsWhatIsKeptAndTheNextSucceeds() throws Exception {
    FaultSweep.Result result =
        FaultSweep.on(store)
            .run(
                place -> {
                  try (Repository repository = Repositories.openInline(place)) {
                    repository.prune(NOW);
                  }
                },
                this::judge);
    assertTrue(result.cases() > 100, result.toString());
    assertTrue(result.failures() > 10, result.toString());
  }

  private void judge(Fault fault, MemoryStore place, Optional<Throwable> failure) {
    if (failure.isPresent() && !(failure.get() instanceof BackupException)) {
      throw new AssertionError("A failure nobody translated", failure.get());
    }
    try (Repository repository = Repositories.openInline(place)) {
      Repositories.assertRestores(repository, snapshot, kept);
      PruneReport report = repository.prune(NOW);
      assertTrue(report.unreadable().isEmpty(), report::toString);
      Repositories.assertRestores(repository, snapshot, kept);
      assertEquals(roomAfterwards, packs(place), () -> fault + ": " + report);
      CheckReport checked =
          repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
      assertTrue(checked.clean(), () -> checked.findings().toString());
      Repositories.assertRestores(repository, Repositories.backup(repository, kept), kept);
    }
  }
}
