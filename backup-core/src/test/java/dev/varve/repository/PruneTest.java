package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.PruneOptions;
import dev.varve.PrunePlan;
import dev.varve.PruneReport;
import dev.varve.Snapshot;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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
}
