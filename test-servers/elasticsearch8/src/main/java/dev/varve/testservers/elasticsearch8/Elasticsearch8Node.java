package dev.varve.testservers.elasticsearch8;

import dev.varve.testservers.ServedNode;
import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One node of Elasticsearch 8, until the caller ends. It has what Maven Central has: no scripts, no
 * processors of pipelines, no data streams, no lifecycle policies, and no answer at {@code /}.
 */
public final class Elasticsearch8Node {

  private Elasticsearch8Node() {}

  /** Serves from the directory named first. */
  public static void main(String... arguments) throws Exception {
    ServedNode served = ServedNode.leashed(arguments);
    LogConfigurator.configureESLogging();
    Settings.Builder given = Settings.builder();
    served.searchSettings().forEach(given::put);
    Settings settings = given.build();
    LogConfigurator.configureWithoutConfig(settings);
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), served.directory().resolve("config"), () -> "node-1");
    Path modules = ServedNode.builtBeside(Elasticsearch8Node.class, "modules");
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(modules),
            PluginsLoader.loadPluginsBundles(served.directory().resolve("plugins")),
            Map.of(),
            false);
    Node node = new Node(environment, plugins);
    node.start();
    served.serveAt(
        node.injector()
            .getInstance(HttpServerTransport.class)
            .boundAddress()
            .publishAddress()
            .getPort());
  }
}
