package dev.varve.mariadbtests;

import dev.varve.BackupReport;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.mariadbtests.MariaDbServer.Driver;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.jdbc.JdbcScript;
import dev.varve.source.jdbc.JdbcSource;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.testkit.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A repository in memory, and what a server is as a source and as a target. */
final class Backups implements AutoCloseable {

  private final MariaDbServer server;
  private final Repository repository =
      Repository.create(
          new MemoryStore(),
          KeyFile.generate(),
          RepositoryOptions.builder()
              .withoutCache()
              .withoutState()
              .chunkSizes(16 << 10, 64 << 10, 256 << 10)
              .build());

  Backups(MariaDbServer server) {
    this.server = server;
  }

  JdbcSource source(Driver driver, String schema) {
    return JdbcSource.of(server.url(driver, schema)).user(server.user()).password(server::password);
  }

  JdbcSource source(String schema) {
    return source(Driver.MARIADB, schema);
  }

  JdbcTarget target(Driver driver) {
    return JdbcTarget.into(server.url(driver, "")).user(server.user()).password(server::password);
  }

  JdbcTarget target() {
    return target(Driver.MARIADB);
  }

  Repository repository() {
    return repository;
  }

  Snapshot backup(String schema) {
    return repository.backup(source(schema)).snapshot();
  }

  BackupReport report(JdbcSource source) {
    return repository.backup(source);
  }

  RestoreReport restore(Snapshot snapshot, JdbcTarget target) {
    return repository.restore(snapshot, target);
  }

  RestoreReport dryRun(Snapshot snapshot, JdbcTarget target) {
    return repository.restore(snapshot, target, RestoreOptions.builder().dryRun().build());
  }

  byte[] script(Snapshot snapshot) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    repository.restore(snapshot, JdbcScript.to(out));
    return out.toByteArray();
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
