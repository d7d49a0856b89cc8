package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.SourceException;
import dev.varve.store.Stored;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What Micrometer's global registry hears where a host has one. */
class MetersTest {

  @Test
  void backup_doneAndFailed_areTimedAndBytesCounted() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (Repository repository = Repositories.create(new MemoryStore())) {
      MemorySource source = new MemorySource().file("a", 100_000, 1);
      repository.backup(source);
      assertThrows(SourceException.class, () -> repository.backup(source.failBegin("gone")));

      assertEquals(1, timed(registry, "done"));
      assertEquals(1, timed(registry, "failed"));
      assertEquals(100_000, registry.get("varve.backup.read").counter().count());
      assertEquals(100_000, registry.get("varve.backup.added").counter().count());
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void store_callsOfABackup_areTimedByOperationAndOutcomeAndBytesCounted() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    MemoryStore store = new MemoryStore();
    try (Repository repository = Repositories.create(store)) {
      repository.backup(new MemorySource().file("a", 1_000_000, 1));

      long items = store.list("", "").items().size();
      assertTrue(calls(registry, "create", "done") >= items, "locks too");
      assertTrue(calls(registry, "list", "done") > 0);
      assertTrue(calls(registry, "create", "exists") > 0, "it was asked whether conditions hold");
      double sent = registry.get("varve.store.bytes").tags("direction", "sent").counter().count();
      long rest = store.list("", "").items().stream().mapToLong(Stored::size).sum();
      assertTrue(sent >= rest && sent < rest + 10_000, sent + " of " + rest);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  private static long calls(SimpleMeterRegistry registry, String operation, String outcome) {
    return registry
        .get("varve.store")
        .tags("operation", operation, "outcome", outcome)
        .timer()
        .count();
  }

  private static long timed(SimpleMeterRegistry registry, String outcome) {
    return registry.get("varve.verb").tags("verb", "backup", "outcome", outcome).timer().count();
  }
}
