package dev.varve.mariadbtests;

import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.mariadbtests.MariaDbServer.Driver;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.jdbc.JdbcSource;
import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.testkit.MemoryStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything a schema can hold, backed up and restored. */
class EverythingTest {

  private final MariaDbServer server = MariaDbServer.shared();

  @ParameterizedTest
  @EnumSource
  void restore_intoAnotherSchema_isEqual(Driver driver) {
    String schema = server.newSchema();
    Everything.make(server, schema);
    String other = schema + "_restored";
    server.run("", "DROP DATABASE IF EXISTS " + other);
    try (Repository repository =
        Repository.create(
            new MemoryStore(),
            KeyFile.generate(),
            RepositoryOptions.builder().withoutCache().withoutState().build())) {
      JdbcSource source =
          JdbcSource.of(server.url(driver, schema)).user(server.user()).password(server::password);
      Snapshot snapshot = repository.backup(source).snapshot();
      repository.restore(
          snapshot,
          JdbcTarget.into(server.url(driver, ""))
              .user(server.user())
              .password(server::password)
              .schema(schema, other));
    }
    Judge.assertEqual(server, schema, server, other);
  }
}
