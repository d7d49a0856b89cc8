package dev.varve.testservers.opensearch;

import dev.varve.testservers.ServedNode;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.http.HttpServerTransport;

/**
 * One node of OpenSearch 2 or 3 with the modules of its distribution (scripts, pipelines, data
 * streams) but without plugins (no security, no lifecycle policies), until the caller ends.
 */
public final class OpenSearchNode {

  private OpenSearchNode() {}

  /** Serves from the directory named first. */
  @SuppressWarnings("resource") // ends with the JVM
  public static void main(String... arguments) throws Exception {
    ServedNode served = ServedNode.leashed(arguments);
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild(
        (number, settings) ->
            settings
                .putList("node.roles", "cluster_manager", "data", "ingest")
                .put("http.port", "0")
                .put("transport.port", "0")
                .put("network.host", "127.0.0.1")
                .put("discovery.type", "single-node")
                .put("cluster.routing.allocation.disk.threshold_enabled", false));
    runner.build(
        OpenSearchRunner.newConfigs()
            .basePath(served.directory().toString())
            .clusterName("varve-test")
            .numOfNode(1));
    served.serveAt(
        runner.getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort());
  }
}
