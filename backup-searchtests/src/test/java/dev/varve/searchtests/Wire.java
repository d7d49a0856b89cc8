package dev.varve.searchtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A wire to a server on which a test spoils what it likes. Safe for use by many threads. */
final class Wire implements Closeable {

  /** What happens to a request. */
  enum Fault {
    NONE,
    /** The connection ends before the server has seen the request. */
    REFUSED,
    /** The server has done it, but the connection ends without an answer. */
    LOST_ANSWER,
    /** Half of the answer's body comes, then the connection ends. */
    CUT_ANSWER,
    /** The whole server has too much to do. */
    ANSWER_429,
    /** Somebody between has no server. */
    ANSWER_503,
    /** Of a bulk request the server does the first half and rejects each item of the rest. */
    HALF_REJECTED
  }

  /** A request that may be spoilt. */
  record Request(String method, String path) {

    boolean isBulk() {
      return path.contains("/_bulk");
    }

    /** Asks for a page of documents, not for the first of them alone. */
    boolean isPage() {
      return path.contains("_search")
          && !path.contains("point_in_time")
          && !method.equals("DELETE");
    }
  }

  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;
  private final URI to;
  private volatile Function<Request, Fault> spoiler = request -> Fault.NONE;

  Wire(URI to) throws IOException {
    // Else the second packet of each answer waits 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.to = to;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Asks from now on what happens to each request. */
  void spoil(Function<Request, Fault> spoiler) {
    this.spoiler = spoiler;
  }

  /** Requests that came, spoilt or not. */
  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().toString();
      Fault fault = spoiler.apply(new Request(exchange.getRequestMethod(), path));
      switch (fault) {
        case REFUSED -> {}
        case LOST_ANSWER -> forward(exchange, body);
        case ANSWER_429 -> refuse(exchange, 429, "es_rejected_execution_exception");
        case ANSWER_503 -> refuse(exchange, 503, "cluster_block_exception");
        case HALF_REJECTED -> rejectHalf(exchange, body);
        case CUT_ANSWER, NONE -> answer(exchange, forward(exchange, body), fault);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to + exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer, Fault fault)
      throws IOException {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    byte[] body = answer.body();
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : body.length);
    if (!empty) {
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, fault == Fault.CUT_ANSWER ? body.length / 2 : body.length);
      out.flush();
    }
  }

  private static void refuse(HttpExchange exchange, int status, String type) throws IOException {
    answer(exchange, status, Json.write(error(status, type)));
  }

  private static Map<String, Object> error(int status, String type) {
    return Map.of(
        "status",
        new Json.Digits("" + status),
        "error",
        Map.of("type", type, "reason", "spoilt by the test"));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    // Elasticsearch's own clients ask for it.
    exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private void rejectHalf(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
    int items = lines.size() / 2;
    int done = items / 2 * 2;
    List<Object> results = new ArrayList<>();
    if (done > 0) {
      String first = String.join("\n", lines.subList(0, done)) + "\n";
      HttpResponse<byte[]> answer = forward(exchange, first.getBytes(StandardCharsets.UTF_8));
      Object json = Json.parse(new String(answer.body(), StandardCharsets.UTF_8));
      results.addAll(Json.array(json, "items"));
    }
    for (int line = done; line < lines.size(); line += 2) {
      String action = Json.object(Json.parse(lines.get(line))).keySet().iterator().next();
      results.add(Map.of(action, error(429, "es_rejected_execution_exception")));
    }
    answer(
        exchange,
        200,
        "{\"took\":1,\"errors\":"
            + (done < lines.size())
            + ",\"items\":"
            + Json.write(results)
            + "}");
  }
}
