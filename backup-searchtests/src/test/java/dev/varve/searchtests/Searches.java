package dev.varve.searchtests;

import dev.varve.source.elasticsearch.ElasticsearchSource;
import dev.varve.source.elasticsearch.ElasticsearchTarget;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.source.elasticsearch.SearchCluster;
import java.net.URI;
import java.time.Duration;

/** What is under test, as tests mostly want it. */
final class Searches {

  /** How long a cluster may not answer: longer than any spoilt request takes to be made good. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Searches() {}

  static SearchCluster cluster(URI url) {
    return SearchCluster.at(url.toString()).patience(PATIENCE);
  }

  static ElasticsearchSource.Builder source(URI url, String prefix, Duration patience) {
    return ElasticsearchSource.builder(cluster(url).patience(patience)).include(prefix + "*");
  }

  /** Indices and data streams that begin so. */
  static ElasticsearchSource.Builder source(URI url, String prefix) {
    return ElasticsearchSource.builder(cluster(url)).include(prefix + "*");
  }

  static ElasticsearchTarget.Builder target(URI url, Mode mode) {
    return ElasticsearchTarget.builder(cluster(url)).mode(mode).patience(PATIENCE);
  }

  static ElasticsearchTarget.Builder target(URI url, Mode mode, Duration patience) {
    return ElasticsearchTarget.builder(cluster(url).patience(patience))
        .mode(mode)
        .patience(patience);
  }
}
