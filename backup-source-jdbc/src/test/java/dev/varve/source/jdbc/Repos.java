package dev.varve.source.jdbc;

import dev.varve.RestoreOptions;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

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

  Repository repository() {
    return repository;
  }

  Snapshot backup(Source source) {
    return repository.backup(source).snapshot();
  }

  RestoreReport restore(Snapshot snapshot, Target target) {
    return repository.restore(snapshot, target);
  }

  RestoreReport dryRun(Snapshot snapshot, Target target) {
    return repository.restore(snapshot, target, RestoreOptions.builder().dryRun().build());
  }

  String script(Snapshot snapshot, String... tables) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    repository.restore(snapshot, JdbcScript.to(out).tables(tables));
    return out.toString(StandardCharsets.UTF_8);
  }

  List<String> paths(Snapshot snapshot) {
    try (Stream<dev.varve.Entry> entries = repository.entries(snapshot)) {
      return entries.map(entry -> entry.path().toString()).toList();
    }
  }

  String text(Snapshot snapshot, String path) throws IOException {
    try (InputStream content = repository.content(snapshot, path)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
