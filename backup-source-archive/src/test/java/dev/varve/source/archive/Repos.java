package dev.varve.source.archive;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.Source;
import dev.varve.target.Target;
import dev.varve.testkit.MemoryStore;
import java.io.ByteArrayOutputStream;

/** A repository in memory. Used by one thread. */
final class Repos implements AutoCloseable {

  private static final Key KEY = KeyFile.generate();

  private final Repository repository =
      Repository.create(
          new MemoryStore(),
          KEY,
          RepositoryOptions.builder()
              .withoutCache()
              .withoutState()
              .parallelism(2)
              .chunkSizes(4 << 10, 16 << 10, 64 << 10)
              .build());

  BackupReport backup(Source source) {
    return repository.backup(source);
  }

  Snapshot backup(Source source, BackupOptions options) {
    return repository.backup(source, options).snapshot();
  }

  RestoreReport restore(Snapshot snapshot, Target target) {
    return repository.restore(snapshot, target);
  }

  byte[] export(Snapshot snapshot, ArchiveTarget.Format format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    repository.restore(snapshot, ArchiveTarget.to(out, format));
    return out.toByteArray();
  }

  boolean isEmpty() {
    return repository.snapshots().isEmpty();
  }

  @Override
  public void close() {
    repository.close();
  }
}
