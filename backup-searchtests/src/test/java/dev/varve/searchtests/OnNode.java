package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupReport;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.Source;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.target.Target;
import dev.varve.testkit.MemoryStore;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Tests that run on a node, each under names of its own, which it leaves to nobody. */
abstract class OnNode {

  final Node node;
  final Http http;
  final String prefix = Node.newPrefix();

  private final Repository repository =
      Repository.create(
          new MemoryStore(),
          KeyFile.generate(),
          RepositoryOptions.builder().withoutCache().withoutState().build());

  OnNode(Node node) {
    this.node = node;
    this.http = node.http();
  }

  @AfterEach
  void leaveNothing() {
    repository.close();
    view().delete(http);
  }

  /** What the server says that it holds under this test's names. */
  final ClusterView view() {
    return ClusterView.of(http, prefix);
  }

  final Repository repository() {
    return repository;
  }

  final BackupReport backup(Source source) {
    return repository.backup(source);
  }

  /** Backs up everything under this test's names, of which nothing may be amiss. */
  final Snapshot backup() {
    BackupReport report = backup(Searches.source(url(), prefix).build());
    assertEquals(List.of(), report.problems());
    return report.snapshot();
  }

  final RestoreReport restore(Snapshot snapshot, Target target, String... paths) {
    RestoreOptions.Builder options = RestoreOptions.builder();
    List.of(paths).forEach(options::path);
    return repository.restore(snapshot, target, options.build());
  }

  /** Restores everything, of which nothing may be amiss. */
  final void restoreAll(Snapshot snapshot, Mode mode) {
    RestoreReport report = restore(snapshot, Searches.target(url(), mode).build());
    assertEquals(List.of(), report.problems());
    assertTrue(report.complete());
  }

  /** Where the node is. */
  final URI url() {
    return http.url();
  }
}
