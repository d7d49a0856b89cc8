package dev.varve.searchtests;

import dev.varve.testservers.ServerJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A server that tests run on, started when first used, once for all of them. Safe for use by many
 * threads.
 */
final class Node {

  static final Node ELASTICSEARCH_7 =
      started("elasticsearch7", "elasticsearch7.Elasticsearch7Node");
  static final Node ELASTICSEARCH_8 =
      started("elasticsearch8", "elasticsearch8.Elasticsearch8Node");
  static final Node ELASTICSEARCH_9 =
      started("elasticsearch9", "elasticsearch9.Elasticsearch9Node");
  static final Node OPENSEARCH_2 = started("opensearch2", "opensearch.OpenSearchNode");
  static final Node OPENSEARCH_3 = started("opensearch3", "opensearch.OpenSearchNode");

  private static final int NEWEST_NEED_JDK = 21;
  private static final int HEAP_MEGABYTES = 512;
  private static final String NAMED = "VARVE_TEST_ELASTICSEARCH_URL";
  private static final Path SERVERS = Path.of(System.getProperty("varve.testservers"));
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private final String name;
  private final String program;
  private Optional<Http> http;

  private Node(String name, String program, Optional<Http> http) {
    this.name = name;
    this.program = program;
    this.http = http;
  }

  private static Node started(String name, String program) {
    return new Node(name, "dev.varve.testservers." + program, Optional.empty());
  }

  /** Those that the build starts, and the one that somebody names. */
  static Stream<Node> all() {
    Stream<Node> named =
        Optional.ofNullable(System.getenv(NAMED)).stream()
            .map(url -> new Node(url, "", Optional.of(new Http(URI.create(url)))));
    return Stream.concat(own(), named);
  }

  /**
   * Those that the build starts, which hold nothing that anybody needs; on this JDK. {@code
   * -Dvarve.node=opensearch2} chooses one.
   */
  static Stream<Node> own() {
    Stream<Node> nodes =
        Runtime.version().feature() < NEWEST_NEED_JDK
            ? Stream.of(ELASTICSEARCH_7, ELASTICSEARCH_8, OPENSEARCH_2)
            : Stream.of(
                ELASTICSEARCH_7, ELASTICSEARCH_8, OPENSEARCH_2, ELASTICSEARCH_9, OPENSEARCH_3);
    return nodes.filter(node -> node.name.startsWith(System.getProperty("varve.node", "")));
  }

  /** Those that speak differently about what contracts are about; all of them when deep. */
  static Stream<Node> forContracts() {
    return Boolean.getBoolean("varve.deep")
        ? own()
        : own().filter(node -> node == ELASTICSEARCH_8 || node == OPENSEARCH_2);
  }

  /** Talks to it, as a user would. */
  synchronized Http http() {
    if (http.isEmpty()) {
      http = Optional.of(new Http(start().url()));
    }
    return http.get();
  }

  /** Another node of this kind, which may be ended. */
  ServerJvm start() {
    return start(HEAP_MEGABYTES);
  }

  /** As {@link #start()}, with a heap of its own size. */
  ServerJvm start(int heapMegabytes) {
    try {
      return ServerJvm.start(SERVERS.resolve(name), program, heapMegabytes);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot start " + name, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while " + name + " starts", e);
    }
  }

  /** How names of the next test begin; nothing on any server has such a name. */
  static String newPrefix() {
    return "varve" + ProcessHandle.current().pid() + "-" + PREFIXES.incrementAndGet() + "-";
  }

  boolean isOpenSearch() {
    return Json.at(http().send("GET", "/", "").json(), "version", "distribution")
        .equals("opensearch");
  }

  /** Whether it has data streams, scripts, and processors. */
  boolean isComplete() {
    return http().send("GET", "/_data_stream", "").status() == 200
        && http()
                .send(
                    "POST",
                    "/_scripts/painless/_execute",
                    Json.write(Map.of("script", Map.of("source", "1"))))
                .status()
            == 200;
  }

  @Override
  public String toString() {
    return name;
  }
}
