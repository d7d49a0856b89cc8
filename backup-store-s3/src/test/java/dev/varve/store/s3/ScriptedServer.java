package dev.varve.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers what the test says. Safe for use by many threads. */
final class ScriptedServer implements AutoCloseable {

  /**
   * What to answer.
   *
   * @param status of HTTP
   * @param headers besides the length
   * @param stalled whether the last byte never comes
   */
  record Answer(int status, Map<String, String> headers, String body, boolean stalled) {

    Answer(int status, Map<String, String> headers, String body) {
      this(status, headers, body, false);
    }

    Answer stalling() {
      return new Answer(status, headers, body, true);
    }

    static Answer ok() {
      return new Answer(200, Map.of(), "");
    }

    static Answer error(int status, String code) {
      String body = "<Error><Code>" + code + "</Code><Message>As scripted</Message></Error>";
      return new Answer(status, Map.of("Content-Type", "application/xml"), body);
    }

    Answer with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }
  }

  /** A request as it came. */
  record Asked(
      String method, String path, String query, Map<String, List<String>> headers, String body) {

    String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }
  }

  interface Script {
    Answer answer(Asked asked);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Script script = request -> Answer.ok();

  ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Says what is answered from now on. */
  void script(Script script) {
    this.script = script;
  }

  /** All requests so far. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Where it listens. */
  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A store in the bucket {@code bucket} of this server, below {@code pre/fix}. */
  S3StoreBuilder store() {
    return S3Store.builder()
        .bucket("bucket", "pre/fix")
        .endpoint(endpoint())
        .pathStyleAccess(true)
        .credentials("the-access-key", "the-secret-key");
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      String query = exchange.getRequestURI().getRawQuery();
      Asked request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              query == null ? "" : query,
              Map.copyOf(exchange.getRequestHeaders()),
              new String(sent, StandardCharsets.UTF_8));
      asked.add(request);
      Answer answer = script.answer(request);
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean bare = request.method().equals("HEAD") || body.length == 0;
      exchange.sendResponseHeaders(answer.status(), bare ? -1 : body.length);
      if (answer.stalled()) {
        exchange.getResponseBody().write(body, 0, body.length - 1);
        exchange.getResponseBody().flush();
        awaitClosed();
      } else if (!bare) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
