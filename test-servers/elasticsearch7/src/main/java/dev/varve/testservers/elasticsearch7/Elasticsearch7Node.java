package dev.varve.testservers.elasticsearch7;

import dev.varve.testservers.ServedNode;
import java.util.List;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.join.ParentJoinPlugin;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.reindex.ReindexPlugin;
import org.elasticsearch.transport.Netty4Plugin;

/**
 * One node of Elasticsearch 7, until the caller ends. It has what Maven Central has: no scripts, no
 * processors of pipelines, no data streams, no lifecycle policies.
 */
public final class Elasticsearch7Node {

  private Elasticsearch7Node() {}

  /** Serves from the directory named first. */
  public static void main(String... arguments) throws Exception {
    ServedNode served = ServedNode.leashed(arguments);
    Settings.Builder given = Settings.builder();
    served.searchSettings().forEach(given::put);
    Settings settings = given.build();
    LogConfigurator.configureWithoutConfig(settings);
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), served.directory().resolve("config"), () -> "node-1");
    Node node = new OpenNode(environment);
    node.start();
    served.serveAt(
        node.injector()
            .getInstance(HttpServerTransport.class)
            .boundAddress()
            .publishAddress()
            .getPort());
  }

  /** A node that takes plugins from the class path. */
  private static final class OpenNode extends Node {
    OpenNode(Environment environment) {
      super(
          environment,
          List.of(Netty4Plugin.class, ReindexPlugin.class, ParentJoinPlugin.class),
          false);
    }
  }
}
