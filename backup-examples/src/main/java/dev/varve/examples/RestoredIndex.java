package dev.varve.examples;

import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.repository.Repository;
import dev.varve.source.elasticsearch.ElasticsearchSource;
import dev.varve.source.elasticsearch.ElasticsearchTarget;
import dev.varve.source.elasticsearch.SearchCluster;
import java.net.URI;

/**
 * An index of a cluster, saved, and given to the node that a test has started: real documents to
 * test against, under the same name, made anew for each test.
 */
public final class RestoredIndex {

  private final String index;

  /** An index, by its name. */
  public RestoredIndex(String index) {
    this.index = index;
  }

  /** Saves it, with templates and pipelines, from where it is. */
  public Snapshot save(Repository repository, URI cluster) {
    ElasticsearchSource source =
        ElasticsearchSource.builder(SearchCluster.at(cluster.toString())).include(index).build();
    return repository.backup(source).snapshot();
  }

  /** Makes a node hold what a snapshot holds of it, whatever a test before has done to it. */
  public void load(Repository repository, Snapshot snapshot, URI node) {
    ElasticsearchTarget target =
        ElasticsearchTarget.builder(SearchCluster.at(node.toString()))
            .include(index)
            .mode(ElasticsearchTarget.Mode.PURGE)
            .build();
    RestoreReport report = repository.restore(snapshot, target);
    if (!report.complete()) {
      throw new IllegalStateException("Index " + index + " is not whole: " + report.problems());
    }
  }
}
