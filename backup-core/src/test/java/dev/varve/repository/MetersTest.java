package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.SourceException;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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

  private static long timed(SimpleMeterRegistry registry, String outcome) {
    return registry.get("varve.verb").tags("verb", "backup", "outcome", outcome).timer().count();
  }
}
