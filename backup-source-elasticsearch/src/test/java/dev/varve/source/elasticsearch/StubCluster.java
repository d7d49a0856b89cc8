package dev.varve.source.elasticsearch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers requests as a test says, for what no real node does when told to: storms, broken answers.
 * Safe for use by many threads.
 */
final class StubCluster implements Closeable {

  /** Says what is answered. */
  interface Script {
    Reply answer(String request, String body) throws IOException;
  }

  /**
   * An answer.
   *
   * @param promisedBytes how long it is said to be; more than it is: it breaks off
   */
  record Reply(int status, String body, int promisedBytes) {

    static Reply of(int status, String body) {
      return new Reply(status, body, body.getBytes(StandardCharsets.UTF_8).length);
    }

    static Reply breakingOff(String body) {
      return new Reply(200, body, 1_000_000);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();

  private StubCluster(HttpServer server, Script script) {
    this.server = server;
    server.createContext("/", exchange -> answer(exchange, script));
    server.setExecutor(threads);
  }

  static StubCluster answering(Script script) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    StubCluster cluster = new StubCluster(server, script);
    server.start();
    return cluster;
  }

  SearchCluster cluster() {
    return SearchCluster.at("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Methods and paths so far, without queries. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** What was sent so far. */
  synchronized List<String> bodies() {
    return List.copyOf(bodies);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange, Script script) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Reply reply;
      synchronized (this) {
        requests.add(request);
        bodies.add(body);
        reply = script.answer(request, body);
      }
      exchange.sendResponseHeaders(reply.status(), reply.promisedBytes());
      OutputStream out = exchange.getResponseBody();
      out.write(reply.body().getBytes(StandardCharsets.UTF_8));
    }
  }
}
