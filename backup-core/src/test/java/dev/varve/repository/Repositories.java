package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.internal.store.Pause;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Repositories for tests: opened by a key file, small chunks, no cache, no waiting. */
final class Repositories {

  static final Key KEY = KeyFile.generate();

  private Repositories() {}

  static Repository create(Store store) {
    return Repository.create(store, KEY, options().build());
  }

  static Repository open(Store store) {
    return Repository.open(store, KEY, options().build());
  }

  /** One that does everything on the calling thread, always alike. */
  static Repository openInline(Store store) {
    return Repository.open(store, KEY, options().inline().build());
  }

  static RepositoryOptions.Builder options() {
    return RepositoryOptions.builder()
        .withoutCache()
        .withoutState()
        .parallelism(2)
        .passphraseCost(1024, 1)
        .chunkSizes(4 << 10, 16 << 10, 64 << 10)
        .pause(new NoPause());
  }

  static Snapshot backup(Repository repository, MemorySource source) {
    BackupReport report = repository.backup(source);
    return report.snapshot();
  }

  /** Fails unless the snapshot restores to exactly what the source holds. */
  static void assertRestores(Repository repository, Snapshot snapshot, MemorySource source) {
    CollectingTarget target = new CollectingTarget();
    repository.restore(snapshot, target);
    target.assertHolds(source);
  }

  /** Fails unless a check that reads everything finds nothing. */
  static void assertClean(Repository repository) {
    CheckReport report =
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    assertTrue(report.clean(), () -> report.findings().toString());
  }

  /** A clock that jumps instead of waiting. */
  private static final class NoPause implements Pause {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanoTime() {
      return nanos.get();
    }

    @Override
    public void pause(Duration time) {
      nanos.addAndGet(time.toNanos());
    }
  }
}
